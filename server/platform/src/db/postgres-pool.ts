import { type ClientConfig, Pool } from 'pg';
import type { OpenTools } from './prepare.js';

/** Connections of one node: the relay uses a handful, requests the rest. */
const MAX_CONNECTIONS = 10;
/** Longest wait for a connection, new or free, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Longest that a statement may take, and an open transaction may idle, in milliseconds. */
const STATEMENT_TIMEOUT_MS = 7_000;
/**
 * A link that has died silently answers nothing: longer than any statement may take, in milliseconds. Shorter than a proxy
 * waits, which else would take this node for one that hangs.
 */
const ANSWER_TIMEOUT_MS = 8_000;
/** Silence after which the system begins to ask whether the other end is still there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;

/** How every connection is made; `name` is shown in `pg_stat_activity`. */
export function connectionOf(url: string, name: string): ClientConfig {
  return {
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  };
}

/** Opens the pool that requests and relay share. Connects when it is asked something, and again after an outage. */
export function openPool(url: string, { logger, metrics }: Pick<OpenTools, 'logger' | 'metrics'>): Pool {
  const pool = new Pool({
    ...connectionOf(url, 'querycast'),
    max: MAX_CONNECTIONS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
  });
  // The pool listens to idle connections only, and an error that nobody listens to ends the process: a connection that
  // breaks inside a transaction must not.
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      metrics.count('database_connections_lost_total');
      logger.warn({ error: error.message }, 'database connection lost');
    });
  });
  // What the pool reports of idle connections has been reported above.
  pool.on('error', () => {});
  return pool;
}
