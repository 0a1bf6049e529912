import { randomBytes } from 'node:crypto';
import { startRedis } from '@querycast/test-servers';
import { Client } from 'pg';

/** The server of {@link distributedPlace}, and what its databases are copied from. */
export interface PostgresOfRun {
  readonly url: string;
  readonly template: string;
}

/** The token of every platform on PostgreSQL and Redis. */
export const PUBLISH_TOKEN = 'publish-token-of-the-platform-tests';

/** Makes a database without rows, and a Redis beside it, because channels are shared by all who use one. */
export async function distributedPlace({ url, template }: PostgresOfRun) {
  const name = `platform_${randomBytes(8).toString('hex')}`;
  const [redis] = await Promise.all([startRedis(), execute(url, `CREATE DATABASE ${name} TEMPLATE ${template}`)]);
  const databaseUrl = new URL(url);
  databaseUrl.pathname = name;
  return {
    variables: {
      DATABASE_URL: databaseUrl.href,
      REDIS_URL: redis.url,
      AUTH_SECRET: 'auth-secret-of-the-platform-tests-0123456789',
      PUBLISH_TOKEN,
      DEMO_DATA: 'true',
    },
    database: { url: databaseUrl.href },
    redis,
    async remove() {
      await Promise.all([redis.close(), execute(url, `DROP DATABASE ${name} WITH (FORCE)`)]);
    },
  };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
