import { PGlite } from '@electric-sql/pglite';
import { startPostgres } from '@querycast/test-servers';
import { Client, Pool } from 'pg';
import type { SqlPool } from './sql-pool.js';

/** A transaction of a test. */
export interface TestTransaction extends SqlPool {
  exec(script: string): Promise<unknown>;
  rollback(): Promise<void>;
}

/** A database of a test, on one connection, with a pool for what works beside it. */
export interface TestDatabase {
  exec(script: string): Promise<unknown>;
  query(text: string, params?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  transaction(run: (transaction: TestTransaction) => Promise<unknown>): Promise<unknown>;
  listen(channel: string, notified: (payload: string) => void): Promise<() => Promise<void>>;
  readonly pool: SqlPool;
  close(): Promise<void>;
}

/** Opens an empty database. */
export type OpenTestDatabase = () => Promise<TestDatabase>;

/** PGlite: one connection for everything. */
export async function openPglite(): Promise<TestDatabase> {
  const db = await PGlite.create();
  return {
    exec: (script) => db.exec(script),
    query: (text, params) => db.query(text, params),
    transaction: (run) => db.transaction(run),
    listen: (channel, notified) => db.listen(channel, notified),
    pool: db,
    close: () => db.close(),
  };
}

/** A PostgreSQL server of its own. */
export async function openPostgres(): Promise<TestDatabase> {
  const server = await startPostgres();
  const connectionString = server.url(await server.createDatabase());
  const client = new Client({ connectionString });
  await client.connect();
  const pool = new Pool({ connectionString });
  return {
    exec: (script) => client.query(script),
    query: (text, params) => client.query(text, params),
    async transaction(run) {
      await client.query('BEGIN');
      let end = 'COMMIT';
      try {
        return await run({
          exec: (script) => client.query(script),
          query: (text, params) => client.query(text, params),
          async rollback() {
            end = 'ROLLBACK';
          },
        });
      } finally {
        await client.query(end);
      }
    },
    async listen(channel, notified) {
      client.on('notification', ({ payload = '' }) => notified(payload));
      await client.query(`LISTEN ${channel}`);
      return async () => {
        client.removeAllListeners('notification');
        await client.query(`UNLISTEN ${channel}`);
      };
    },
    pool,
    async close() {
      await Promise.all([client.end(), pool.end()]);
      await server.close();
    },
  };
}
