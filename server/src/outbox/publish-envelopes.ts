import { InvalidInvalidationError } from '../publisher/publish-errors.js';
import type { PassTools } from './pass.js';
import type { PlannedEnvelope } from './plan.js';

/** What became of the envelopes of a pass. */
export interface PublishedRows {
  /** By row: the lives of the broker that acknowledged it. */
  readonly incarnations: ReadonlyMap<string, ReadonlySet<string>>;
  /** Rows of which at least one envelope was not acknowledged. */
  readonly unanswered: ReadonlySet<string>;
  /** Rows of which an envelope can never be published, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
  /** How many envelopes the broker was asked for and did not acknowledge, and why the last one was not. */
  readonly failures: number;
  readonly failure: unknown;
}

/** Enough to keep a broker busy, not enough to flood it. */
const CONCURRENT_PUBLISHES = 64;

/**
 * Publishes, and stops asking a broker that answers none of many. Of one that is known to be away nothing is asked. Never
 * rejects.
 */
export async function publishEnvelopes(
  envelopes: readonly PlannedEnvelope[],
  isAway: boolean,
  { publisher, lateSpreadMs, metrics }: Pick<PassTools, 'publisher' | 'lateSpreadMs' | 'metrics'>,
): Promise<PublishedRows> {
  const incarnations = new Map<string, Set<string>>();
  const unanswered = new Set<string>();
  const refused = new Map<string, string>();
  let failures = 0;
  let failure: unknown;

  /** Whether the broker, or the publisher by itself, had an answer. */
  async function publishOne({ room, keys, id, late, rows }: PlannedEnvelope): Promise<boolean> {
    try {
      const spread = late && lateSpreadMs > 0 ? { spreadMs: lateSpreadMs } : {};
      const answer = await publisher.invalidate({ rooms: [room], keys: [...keys], id, ...spread }, { door: 'outbox' });
      metrics.count('relay_envelopes_total', { result: 'published' });
      for (const row of rows) {
        const lives = incarnations.get(row) ?? new Set();
        for (const incarnation of Object.values(answer.incarnations)) lives.add(incarnation);
        incarnations.set(row, lives);
      }
      return true;
    } catch (error) {
      metrics.count('relay_envelopes_total', { result: 'failed' });
      metrics.count('relay_errors_total', { step: 'publish' });
      if (error instanceof InvalidInvalidationError) {
        for (const row of rows) refused.set(row, error.message);
        return true;
      }
      failures += 1;
      failure = error;
      for (const row of rows) unanswered.add(row);
      return false;
    }
  }

  let isSilent = isAway;
  for (let start = 0; start < envelopes.length; start += CONCURRENT_PUBLISHES) {
    const chunk = envelopes.slice(start, start + CONCURRENT_PUBLISHES);
    if (isSilent) for (const row of chunk.flatMap(({ rows }) => rows)) unanswered.add(row);
    else isSilent = !(await Promise.all(chunk.map(publishOne))).includes(true);
  }
  return { incarnations, unanswered, refused, failures, failure };
}
