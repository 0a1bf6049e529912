import { setImmediate } from 'node:timers/promises';
import { InvalidInvalidationError } from '../publisher/publish-errors.js';
import type { PassTools } from './pass.js';
import type { PlannedEnvelope } from './plan.js';
import { spreadOf } from './spread.js';

/** What became of the envelopes of a pass. */
export interface PublishedRows {
  /** Those that the broker acknowledged, in the order given. */
  readonly acknowledged: readonly PlannedEnvelope[];
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
  tools: Pick<PassTools, 'publisher' | 'lateSpreadMs' | 'roomsPerSecond' | 'metrics'>,
): Promise<PublishedRows> {
  const { publisher, metrics } = tools;
  const acknowledged = new Set<PlannedEnvelope>();
  const fates = new Map<readonly string[], Fate>();
  let failures = 0;
  let failure: unknown;

  function fateOf({ rows }: PlannedEnvelope): Fate {
    const fate = fates.get(rows) ?? { incarnations: new Set(), unanswered: false, refusal: undefined };
    fates.set(rows, fate);
    return fate;
  }

  /** Whether the broker, or the publisher by itself, had an answer. */
  async function publishOne(envelope: PlannedEnvelope): Promise<boolean> {
    const { room, keys, id } = envelope;
    try {
      const spreadMs = spreadOf(envelope, tools);
      const spread = spreadMs > 0 ? { spreadMs } : {};
      const answer = await publisher.invalidate({ rooms: [room], keys: [...keys], id, ...spread }, { door: 'outbox' });
      metrics.count('relay_envelopes_total', { result: 'published' });
      acknowledged.add(envelope);
      for (const incarnation of Object.values(answer.incarnations)) fateOf(envelope).incarnations.add(incarnation);
      return true;
    } catch (error) {
      metrics.count('relay_envelopes_total', { result: 'failed' });
      metrics.count('relay_errors_total', { step: 'publish' });
      if (error instanceof InvalidInvalidationError) {
        fateOf(envelope).refusal = error.message;
        return true;
      }
      failures += 1;
      failure = error;
      fateOf(envelope).unanswered = true;
      return false;
    }
  }

  let isSilent = isAway;
  for (let start = 0; start < envelopes.length; start += CONCURRENT_PUBLISHES) {
    const chunk = envelopes.slice(start, start + CONCURRENT_PUBLISHES);
    if (isSilent) for (const envelope of chunk) fateOf(envelope).unanswered = true;
    else isSilent = !(await Promise.all(chunk.map(publishOne))).includes(true);
    // A broker in this process answers without letting anybody else have a turn.
    if (start + CONCURRENT_PUBLISHES < envelopes.length) await setImmediate();
  }
  const inOrder = envelopes.filter((envelope) => acknowledged.has(envelope));
  return { acknowledged: inOrder, ...byRow(fates), failures, failure };
}

/** What became of the envelopes that announce the same rows. */
interface Fate {
  readonly incarnations: Set<string>;
  unanswered: boolean;
  refusal: string | undefined;
}

function byRow(
  fates: ReadonlyMap<readonly string[], Fate>,
): Pick<PublishedRows, 'incarnations' | 'unanswered' | 'refused'> {
  const incarnations = new Map<string, Set<string>>();
  const unanswered = new Set<string>();
  const refused = new Map<string, string>();
  for (const [rows, fate] of fates) {
    for (const row of rows) {
      const lives = incarnations.get(row) ?? new Set();
      for (const incarnation of fate.incarnations) lives.add(incarnation);
      incarnations.set(row, lives);
      if (fate.unanswered) unanswered.add(row);
      if (fate.refusal !== undefined) refused.set(row, fate.refusal);
    }
  }
  return { incarnations, unanswered, refused };
}
