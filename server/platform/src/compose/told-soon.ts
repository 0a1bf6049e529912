import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger, Metrics } from '@querycast/server';
import type { SqlPool } from '@querycast/server/postgres';
import { z } from 'zod';

/** Waits until what has been committed has been told, but never long. */
export interface ToldSoon {
  /** Resolves when everything committed by now has been told by whichever relay, or after a while. Never rejects. */
  wait(): Promise<void>;
}

/** Settings of {@link createToldSoon}. */
export interface ToldSoonOptions {
  readonly pool: SqlPool;
  /** Longest wait in milliseconds, a fifth of it after one that was in vain; 0 waits for nothing. */
  readonly withinMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** How a wait ended. */
type End = 'told' | 'late' | 'failed';

/** A broker that is away must not cost every write the whole wait. */
const SHARE_IN_VAIN = 1 / 5;

/** Between two looks, in milliseconds: a relay is about as fast. */
const PAUSE_MS = 5;

// Of the last two seconds: what is older waits for something else, such as a broker that is away. The third condition
// holds wherever the last one does, and has an index: a backlog is not read through.
const UNTOLD = `FROM public.querycast_outbox
WHERE published_at IS NULL AND set_aside_at IS NULL
  AND coalesce(claimed_until, created_at) > statement_timestamp() - interval '2 seconds'
  AND created_at > statement_timestamp() - interval '2 seconds'`;
const NEWEST = `SELECT max(id)::text AS newest ${UNTOLD}`;
// Not what was written since, or a steady stream of it would be waited for as well.
const STILL = `SELECT EXISTS (SELECT ${UNTOLD} AND id <= $1::bigint) AS untold`;

const newestSchema = z.tuple([z.object({ newest: z.string().nullable() })]);
const stillSchema = z.tuple([z.object({ untold: z.boolean() })]);

/** Looks into the outbox once at a time, however many wait. */
export function createToldSoon({ pool, withinMs, logger, metrics }: ToldSoonOptions): ToldSoon {
  // Whoever comes during a look may have committed too late for it.
  let waiting = new Set<(end: End) => void>();
  let isLooking = false;
  let limitMs = withinMs;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    while (waiting.size > 0) {
      const looked = waiting;
      waiting = new Set();
      const end = await untilTold(pool, limitMs).catch((error: unknown): End => {
        // Nobody depends on it: an answer merely comes a little early.
        logger.warn({ error: String(error) }, 'not known whether a change was told, answered all the same');
        return 'failed';
      });
      for (const resolve of looked) resolve(end);
    }
    isLooking = false;
  }

  return {
    async wait() {
      if (withinMs === 0) return;
      const end = await new Promise<End>((resolve) => {
        const mine = waiting;
        const done = (how: End) => {
          clearTimeout(timer);
          mine.delete(done);
          resolve(how);
        };
        const timer = setTimeout(done, limitMs, 'late');
        timer.unref();
        mine.add(done);
        void look();
      });
      limitMs = end === 'told' ? withinMs : withinMs * SHARE_IN_VAIN;
      if (end !== 'told') metrics.count('answers_untold_total', { reason: end });
    },
  };
}

async function untilTold(pool: SqlPool, withinMs: number): Promise<End> {
  const until = performance.now() + withinMs;
  const [{ newest }] = newestSchema.parse((await pool.query(NEWEST)).rows);
  if (newest === null) return 'told';
  while (performance.now() < until) {
    await sleep(PAUSE_MS);
    const [{ untold }] = stillSchema.parse((await pool.query(STILL, [newest])).rows);
    if (!untold) return 'told';
  }
  return 'late';
}
