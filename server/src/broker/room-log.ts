import { formatPosition, MAX_LOG_ENTRIES, type Position, parsePosition, type QueryKey } from '@querycast/protocol';
import type { LogRead } from './broker.js';
import type { FrozenKeys } from './frozen-keys.js';

/** The compacted log of one room: each query key with the offset of its newest invalidation. */
export interface RoomLog {
  /** Distinct query keys held; never more than `MAX_LOG_ENTRIES`. */
  readonly entries: number;
  readonly position: Position;
  /** Adds one invalidation; answers the position before it and its own. */
  append(keys: FrozenKeys): { readonly prev: Position; readonly position: Position };
  /** The log as seen from a position; `fresh` without one. A malformed position counts as one of another epoch. */
  read(since?: Position): Omit<LogRead, 'incarnation'>;
}

interface Entry {
  readonly key: QueryKey;
  readonly offset: number;
}

/** Creates an empty log at offset 0. `epoch` must be random: it is what tells this sequence from every other one. */
export function createRoomLog(epoch: string): RoomLog {
  /** By canonical form, oldest first: setting a key again moves it to the end. */
  const entries = new Map<string, Entry>();
  let offset = 0;
  /** Oldest offset from which recovery is exact: no key invalidated after it was ever dropped. */
  let floor = 0;

  function dropOldest(): void {
    for (const [form, entry] of entries) {
      if (entries.size <= MAX_LOG_ENTRIES) return;
      entries.delete(form);
      floor = entry.offset;
    }
  }

  function continuityFrom(since: Position): Pick<LogRead, 'status' | 'cause'> {
    const parsed = parsePosition(since);
    // Beyond the head is an offset this sequence never issued, so the position stems from another one.
    if (parsed?.epoch !== epoch || parsed.offset > offset) return { status: 'resync', cause: 'epoch' };
    return parsed.offset < floor ? { status: 'resync', cause: 'floor' } : { status: 'recovered' };
  }

  function keysAfter(since: number): QueryKey[] {
    const keys: QueryKey[] = [];
    for (const entry of entries.values()) if (entry.offset > since) keys.push(entry.key);
    return keys;
  }

  return {
    get entries() {
      return entries.size;
    },
    get position() {
      return formatPosition(epoch, offset);
    },
    append({ keys, forms }) {
      const prev = formatPosition(epoch, offset);
      offset += 1;
      for (const [index, key] of keys.entries()) {
        const form = forms[index];
        if (form === undefined) continue;
        entries.delete(form);
        entries.set(form, { key, offset });
      }
      dropOldest();
      return { prev, position: formatPosition(epoch, offset) };
    },
    read(since) {
      const position = formatPosition(epoch, offset);
      if (since === undefined) return { position, status: 'fresh', keys: [] };
      const continuity = continuityFrom(since);
      const after = parsePosition(since)?.offset ?? offset;
      return { position, ...continuity, keys: continuity.status === 'recovered' ? keysAfter(after) : [] };
    },
  };
}
