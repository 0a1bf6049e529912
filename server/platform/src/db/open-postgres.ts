import { postgresListen } from '@querycast/server/postgres';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Client } from 'pg';
import type { Database } from './database.js';
import type { DatabaseHandle } from './open-database.js';
import { connectionOf, measurePool, openPool } from './postgres-pool.js';
import { transactionsOf } from './postgres-transactions.js';
import type { OpenTools } from './prepare.js';
import { preparePostgres } from './prepare-postgres.js';
import * as schema from './schema.js';

/** Opens PostgreSQL by its URL. */
export async function openPostgres(url: string, tools: OpenTools): Promise<DatabaseHandle> {
  await preparePostgres(url, tools);
  const { onStatement, logger, metrics } = tools;
  const pool = openPool(url, 'requests', tools);
  const relayPool = openPool(url, 'relay', tools);
  const stopMeasuring = measurePool(pool, metrics);
  const config = { schema, logger: { logQuery: (statement: string) => onStatement(statement) } };
  const db: Database = drizzle({ ...config, client: pool });
  db.transaction = transactionsOf(pool, (client) => drizzle({ ...config, client }));
  let closing: Promise<void> | undefined;
  return {
    db,
    pool: { query: (text, params) => relayPool.query(text, params) },
    async ping() {
      await relayPool.query('SELECT 1');
    },
    listen: (channel, notified) => {
      const createClient = () => new Client(connectionOf(url, 'querycast listen'));
      return postgresListen({ createClient, channel, logger, metrics })(notified);
    },
    close() {
      stopMeasuring();
      closing ??= Promise.all([pool.end(), relayPool.end()]).then(() => {});
      return closing;
    },
  };
}
