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
import { OUTBOX_ID_PREFIX } from '../publisher/outbox-id.js';
import { type Announced, createAnnouncements } from './announced.js';
import type { ClaimedRow } from './claim.js';
import type { Stale } from './signal.js';
import { roomsByTransaction } from './width.js';

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
  /** Age of its oldest row when that was claimed, in milliseconds. */
  readonly ageMs: number;
  /** How many rooms its transaction concerns, as far as it is planned together. */
  readonly rooms: number;
  /** Ids of the rows it announces; one and the same list in all envelopes that announce the same. */
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
    const { transaction } = each;
    const evicted = isEvicted(each);
    for (const { room, keys } of each.stale.push) {
      const name = `${transaction} ${room}`;
      const share: Share = shares.get(name) ?? { transaction, room, keys: [], handled: new Set(), evicted: true };
      share.keys.push(...keys);
      share.handled.add(each);
      shares.set(name, { ...share, evicted: share.evicted && evicted });
    }
  }
  const rooms = roomsByTransaction(handled);
  const announcedBy = createAnnouncements(handled);
  return [...shares.values()].flatMap((share) =>
    envelopesOf(share, announcedBy(share.handled), rooms.get(share.transaction) ?? 0),
  );
}

interface Share {
  readonly transaction: string;
  readonly room: Room;
  readonly keys: QueryKey[];
  readonly handled: Set<Handled>;
  readonly evicted: boolean;
}

function envelopesOf({ room, keys, evicted }: Share, announced: Announced, rooms: number): PlannedEnvelope[] {
  const sorted = reduceKeys(keys)
    .map((key) => ({ key, form: canonicalForm(key) }))
    .sort((a, b) => (a.form < b.form ? -1 : a.form > b.form ? 1 : 0));
  const { ids, late, ageMs, lives } = announced;
  const envelopes: PlannedEnvelope[] = [];
  for (let start = 0; start < sorted.length; start += MAX_KEYS_PER_INVALIDATION) {
    const chunk = sorted.slice(start, start + MAX_KEYS_PER_INVALIDATION);
    const forms = JSON.stringify(chunk.map(({ form }) => form));
    // Piece by piece: of many rooms that hear of many rows, each would write all of them down again.
    const hash = createHash('sha256')
      .update(`[${JSON.stringify(room)},`)
      .update(lives)
      .update(`,${evicted},${forms}]`);
    const id = OUTBOX_ID_PREFIX + hash.digest('base64url');
    envelopes.push({ room, keys: chunk.map(({ key }) => key), id, late, ageMs, rooms, rows: ids });
  }
  return envelopes;
}
