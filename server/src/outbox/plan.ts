import { createHash } from 'node:crypto';
import {
  canonicalForm,
  MAX_KEYS_PER_INVALIDATION,
  type QueryKey,
  queryKeyProblem,
  type Room,
  reduceKeys,
  roomProblem,
} from '@querycast/protocol';
import { type ClaimedRow, compareIds } from './claim.js';
import type { Stale } from './signal.js';

/** Rows of one source in one transaction, and what their signal answered. */
export interface Handled {
  readonly transaction: string;
  readonly rows: readonly ClaimedRow[];
  readonly stale: Stale;
}

/** One invalidation to publish. */
export interface PlannedEnvelope {
  readonly room: Room;
  /** 1..64 keys. */
  readonly keys: readonly QueryKey[];
  /**
   * The same for the same rows and the same keys only, so that a repetition counts once, while half a transaction, other
   * keys, a publish before the cache was evicted, or one that a failover may have undone never stand in for it.
   */
  readonly id: string;
  /** Whether a row of it is late: all come from one commit, so none of them is news to be in a hurry for. */
  readonly late: boolean;
  /** Ids of the rows it announces. */
  readonly rows: readonly string[];
}

/** The first rule that a signal's answer breaks, as a sentence without its values; `undefined` when it breaks none. */
export function staleProblem({ evict, push }: Stale): string | undefined {
  if (!evict.every((owner) => typeof owner === 'string' && owner !== '')) return 'an owner must be a non-empty string';
  for (const { room, keys } of push) {
    const problem = roomProblem(room) ?? keys.map(queryKeyProblem).find((each) => each !== undefined);
    if (problem) return problem;
  }
  return undefined;
}

/**
 * One envelope per transaction and room, with the keys of all signals united; several only beyond 64 keys.
 * `isEvicted` tells whether a transaction's share of the cache is.
 */
export function planEnvelopes(
  handled: readonly Handled[],
  isEvicted: (handled: Handled) => boolean,
): readonly PlannedEnvelope[] {
  const shares = new Map<string, Share>();
  for (const each of handled) {
    const evicted = isEvicted(each);
    for (const { room, keys } of each.stale.push) {
      const name = `${each.transaction} ${room}`;
      const share: Share = shares.get(name) ?? { room, keys: [], rows: new Map(), evicted: true };
      share.keys.push(...keys);
      for (const row of each.rows) share.rows.set(row.change.id, row);
      shares.set(name, { ...share, evicted: share.evicted && evicted });
    }
  }
  return [...shares.values()].flatMap(envelopesOf);
}

interface Share {
  readonly room: Room;
  readonly keys: QueryKey[];
  readonly rows: Map<string, ClaimedRow>;
  readonly evicted: boolean;
}

function envelopesOf({ room, keys, rows, evicted }: Share): PlannedEnvelope[] {
  const sorted = reduceKeys(keys)
    .map((key) => ({ key, form: canonicalForm(key) }))
    .sort((a, b) => (a.form < b.form ? -1 : a.form > b.form ? 1 : 0));
  const ids = [...rows.keys()].sort(compareIds);
  const late = [...rows.values()].some((row) => row.late);
  const lives = ids.map((id) => [id, ...(rows.get(id)?.incarnations ?? [])]);
  const envelopes: PlannedEnvelope[] = [];
  for (let start = 0; start < sorted.length; start += MAX_KEYS_PER_INVALIDATION) {
    const chunk = sorted.slice(start, start + MAX_KEYS_PER_INVALIDATION);
    const content = JSON.stringify([room, lives, evicted, chunk.map(({ form }) => form)]);
    const id = createHash('sha256').update(content).digest('base64url');
    envelopes.push({ room, keys: chunk.map(({ key }) => key), id, late, rows: ids });
  }
  return envelopes;
}
