import type { Metrics } from '@querycast/server';
import { type ClientConfig, Pool } from 'pg';
import type { OpenTools } from './prepare.js';

/**
 * The pools of one node. However long requests wait for each other, changes are announced and readiness is told by
 * connections of their own: four for signals, two for what must not wait for those, one for answers that
 * wait until a change was told, and two for rights that are looked at again.
 */
const POOLS = {
  requests: { name: 'querycast', maxConnections: 10 },
  relay: { name: 'querycast relay', maxConnections: 9 },
} as const;
/** Longest wait for a connection, new or free, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Longest that a statement may take, and an open transaction may idle, in milliseconds. */
const STATEMENT_TIMEOUT_MS = 7_000;
const SESSION_SETTINGS = `SET statement_timeout = ${STATEMENT_TIMEOUT_MS};
  SET idle_in_transaction_session_timeout = ${STATEMENT_TIMEOUT_MS}`;
/**
 * A link that has died silently answers nothing: longer than any statement may take, in milliseconds. Shorter than a proxy
 * waits, which else would take this node for one that hangs.
 */
const ANSWER_TIMEOUT_MS = 8_000;
/** Silence after which the system begins to ask whether the other end is still there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;
/** How often the pool of requests is measured, in milliseconds. */
const SAMPLE_MS = 1_000;

type PoolTools = Pick<OpenTools, 'logger' | 'metrics'>;

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

/** Opens a pool. Connects when it is asked something, and again after an outage. */
export function openPool(url: string, use: keyof typeof POOLS, { logger, metrics }: PoolTools): Pool {
  const pool = new Pool({
    ...connectionOf(url, POOLS[use].name),
    max: POOLS[use].maxConnections,
    query_timeout: ANSWER_TIMEOUT_MS,
    // Awaited before anybody gets the connection. By a statement, because poolers refuse them among what a connection starts
    // with.
    onConnect: (client) => client.query(SESSION_SETTINGS),
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

/** Measures a pool every second until the answer is called. */
export function measurePool(pool: Pool, metrics: Metrics): () => void {
  const measure = () => {
    metrics.gauge('database_pool_in_use', pool.totalCount - pool.idleCount);
    metrics.gauge('database_pool_waiting', pool.waitingCount);
  };
  measure();
  const timer = setInterval(measure, SAMPLE_MS);
  timer.unref();
  return () => clearInterval(timer);
}
