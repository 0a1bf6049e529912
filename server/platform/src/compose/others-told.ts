import { setTimeout } from 'node:timers/promises';
import type { DatabaseHandle } from '../db/open-database.js';

/** Rows of just now that no relay has published: what is older waits for something else. */
const UNTOLD = `SELECT EXISTS (
  SELECT FROM public.querycast_outbox
  WHERE published_at IS NULL AND set_aside_at IS NULL AND created_at > clock_timestamp() - interval '2 seconds'
) AS untold`;

const LOOKS = 10;
const PAUSE_MS = 10;

/**
 * Resolves when the relays of other nodes have told what they took of the last two seconds, or after a tenth of a second.
 * Never rejects: a database that does not answer says so to its relay.
 */
export async function othersTold(pool: DatabaseHandle['pool']): Promise<void> {
  try {
    for (let look = 0; look < LOOKS; look += 1) {
      const { rows } = await pool.query(UNTOLD);
      const [first] = rows as readonly { readonly untold: boolean }[];
      if (!first?.untold) return;
      await setTimeout(PAUSE_MS);
    }
  } catch {
    // Nobody depends on it: an answer merely comes a little early.
  }
}
