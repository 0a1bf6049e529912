import { OUTBOX_TABLE } from './outbox-table.js';
import type { SqlPool } from './sql-pool.js';

/** A statement with its parameters, for a client of your own. */
export interface Statement {
  readonly text: string;
  readonly params: unknown[];
}

/**
 * The statement that records an explicit call in the outbox, to be run inside the caller's transaction: the signal
 * registered under `name` gets `payload` as the change's `new`, and what it answers leaves together with the rest of the
 * transaction. The payload is ids, as JSON.
 */
export function callSql(name: string, payload: Readonly<Record<string, unknown>>): Statement {
  return {
    text: `INSERT INTO ${OUTBOX_TABLE} (source, operation, new) VALUES ($1, 'call', $2::jsonb)`,
    params: [name, JSON.stringify(payload)],
  };
}

/** Runs {@link callSql} in the given transaction. Rejects as the transaction's own `query` does. */
export async function recordCall(
  transaction: SqlPool,
  name: string,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { text, params } = callSql(name, payload);
  await transaction.query(text, params);
}
