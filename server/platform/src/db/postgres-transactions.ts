import type { Pool, PoolClient } from 'pg';
import type { Database } from './database.js';

/**
 * Transactions on connections of their own. Unlike drizzle's own on a pool, a connection always goes back, also when
 * `BEGIN` fails, and goes back into use only when the transaction is known to be over: one that timed out is closed.
 */
export function transactionsOf(pool: Pool, databaseOn: (client: PoolClient) => Database): Database['transaction'] {
  return async (run, config) => {
    const client = await pool.connect();
    let begun = false;
    try {
      return await databaseOn(client).transaction((transaction) => {
        begun = true;
        return run(transaction);
      }, config);
    } finally {
      const isOver = begun && client.getTransactionStatus() === 'I';
      client.release(!isOver);
    }
  };
}
