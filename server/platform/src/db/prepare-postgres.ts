import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';
import { connectionOf } from './postgres-pool.js';
import { postgresProblem, type Step, UnsuitableServerError } from './postgres-problem.js';
import { type OpenTools, prepare, tellWarning } from './prepare.js';
import * as schema from './schema.js';

/** Any number that nothing else in the database locks. */
const PREPARING_LOCK = 7_206_481;
/** How long another node may take to prepare the database, in milliseconds. */
const OTHER_NODE_TIMEOUT_MS = 60_000;
/** How long to wait for a table; everybody who writes to it queues behind, so not for long, in milliseconds. */
const TABLE_TIMEOUT_MS = 5_000;
/** `pg_current_xact_id` and `CREATE OR REPLACE TRIGGER` came with it. */
const OLDEST_VERSION = 14;
/** Longest that one statement of a migration may take before the link counts as dead, in milliseconds. */
const ANSWER_TIMEOUT_MS = 600_000;

/**
 * Checks the server and prepares the database, one node at a time: the lock belongs to the connection that does the
 * work, and ends with it. Rejects with `StartError`.
 */
export async function preparePostgres(url: string, { fill, onStatement, logger }: OpenTools): Promise<void> {
  let step: Step = 'connect';
  let client: Client | undefined;
  try {
    client = new Client({ ...connectionOf(url, 'querycast start'), query_timeout: ANSWER_TIMEOUT_MS });
    // Whatever is under way rejects as well.
    client.on('error', () => {});
    client.on('notice', (notice) => tellWarning(logger, notice));
    // The server says so as well, but perhaps in another language.
    if (!client.user) throw new UnsuitableServerError('the URL names no user, and this process runs as none');
    await client.connect();
    await checkServer(client);
    step = 'wait';
    await client.query(`SET lock_timeout = ${OTHER_NODE_TIMEOUT_MS}`);
    await client.query(`SELECT pg_advisory_lock(${PREPARING_LOCK})`);
    step = 'prepare';
    await client.query(`SET lock_timeout = ${TABLE_TIMEOUT_MS}`);
    const on = client;
    const db = drizzle({ client, schema, logger: { logQuery: (statement) => onStatement(statement) } });
    const migrateIt = (config: { readonly migrationsFolder: string }) => migrate(db, config);
    await prepare({ db, migrate: migrateIt, exec: (script) => on.query(script) }, fill);
  } catch (error) {
    throw postgresProblem(error, step);
  } finally {
    await client?.end();
  }
}

async function checkServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: number; standby: boolean }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version, pg_is_in_recovery() AS standby`,
  );
  const [server] = rows;
  if (!server || server.version < OLDEST_VERSION) {
    throw new UnsuitableServerError(`PostgreSQL ${OLDEST_VERSION} or newer is needed, it is ${server?.version}`);
  }
  if (server.standby) throw new UnsuitableServerError('it is a read-only standby, the primary is needed');
}
