import { type PostgresServer, startNginx, startPostgres, startRedis } from '@querycast/test-servers';
import { newSheet } from '../written/record.js';
import { startPlatformProcess } from './platform-process.js';
import type { StackFactory } from './stack.js';

/**
 * Makes platforms of two processes behind nginx, on PostgreSQL and Redis. One PostgreSQL serves them all, with a database
 * each, copied from one that has the demo data; each has Redis servers of its own, because tests stop them.
 */
export async function createDistributedStacks(): Promise<StackFactory> {
  const postgres = await startPostgres();
  const template = await createTemplate(postgres);

  return {
    async start() {
      const [redis, cacheRedis, database] = await Promise.all([
        // As docs/operations.md advises, so that what a restart loses is what it would lose in production.
        startRedis({ config: { appendonly: 'yes', appendfsync: 'everysec' } }),
        startRedis({ config: { maxmemory: '64mb', 'maxmemory-policy': 'allkeys-lru' } }),
        postgres.createDatabase(template),
      ]);
      const variables = {
        DATABASE_URL: postgres.url(database),
        REDIS_URL: redis.url,
        CACHE_REDIS_URL: cacheRedis.url,
      };
      const nodes = await Promise.all([startPlatformProcess(variables), startPlatformProcess(variables)]);
      const sheet = newSheet('nginx');
      const written = (log: string) => sheet.write(log);
      const nginx = await startNginx({ upstreams: nodes.map(({ port }) => port), written });
      return {
        url: nginx.url,
        nodes,
        servers: { redis, cacheRedis, postgres, database },
        log: () => nodes.flatMap(({ log }) => log).join('\n'),
        async close() {
          await nginx.close();
          await Promise.all(nodes.map((node) => node.close()));
          await Promise.all([redis.close(), cacheRedis.close(), postgres.dropDatabase(database)]);
        },
      };
    },
    close: () => postgres.close(),
  };
}

/** A database with the schema and the demo data. */
async function createTemplate(postgres: PostgresServer): Promise<string> {
  const database = await postgres.createDatabase();
  const redis = await startRedis();
  const node = await startPlatformProcess({ DATABASE_URL: postgres.url(database), REDIS_URL: redis.url });
  const code = await node.stop();
  if (code !== 0) throw new Error(`the server did not stop cleanly (code ${code}):\n${node.log.join('\n')}`);
  await redis.close();
  return database;
}
