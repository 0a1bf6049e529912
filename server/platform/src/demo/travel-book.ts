import type { DemoChange, DemoTravel } from '@querycast/platform-protocol';
import { canonicalForm, type QueryKey, type Room, reduceKeys } from '@querycast/protocol';
import type { Change, Push, Stale } from '@querycast/server/postgres';
import { capturedTables } from '../db/captured-tables.js';

/** What a transaction made travel, and the outbox rows that recorded it. */
export interface Travelled extends Pick<DemoTravel, 'changes' | 'rooms'> {
  readonly rowIds: readonly string[];
}

/** Puts together what signals answered and what was published of it. */
export interface TravelBook {
  /** Notes what a signal answered about changes of one transaction. Asked again about the same ones, it notes them once. */
  note(changes: readonly Change[], stale: Stale): void;
  /** Takes out the transactions whose share of the shown rooms is among these pushes, in their order. */
  publish(pushes: readonly Push[]): Travelled[];
}

interface Open {
  readonly changes: Map<string, DemoChange>;
  readonly keys: Map<Room, QueryKey[]>;
}

/** Most transactions that wait to be published: what waits longer than for that many others is forgotten. */
const MAX_OPEN = 2_000;

/**
 * Creates an empty book about `shown` rooms. What concerns none of them is not even noted. An envelope does not say
 * which transaction it is of, so it is known by its room and keys, the oldest transaction first.
 */
export function createTravelBook(shown: ReadonlySet<Room>): TravelBook {
  const open = new Map<string, Open>();

  return {
    note(changes, { push }) {
      const told = push.filter(({ room }) => shown.has(room));
      const [first] = changes;
      if (!first || told.length === 0) return;
      const entry: Open = open.get(first.transaction) ?? { changes: new Map(), keys: new Map() };
      // Rows of others may be among them, of which not even the ids are anybody's business here.
      const isOfDemo = told.length === push.length;
      for (const change of changes) entry.changes.set(change.id, shownChange(change, isOfDemo));
      for (const { room, keys } of told) entry.keys.set(room, reduceKeys([...(entry.keys.get(room) ?? []), ...keys]));
      open.set(first.transaction, entry);
      const [oldest] = open.keys();
      if (open.size > MAX_OPEN && oldest !== undefined) open.delete(oldest);
    },

    publish(pushes) {
      const left = new Map<string, number>();
      for (const { room, keys } of pushes) {
        if (shown.has(room)) left.set(nameOf(room, keys), (left.get(nameOf(room, keys)) ?? 0) + 1);
      }
      const travelled: Travelled[] = [];
      for (const [transaction, { changes, keys }] of open) {
        if (left.size === 0) break;
        const names = [...keys].map(([room, told]) => nameOf(room, told));
        if (!names.every((name) => left.has(name))) continue;
        for (const name of names) takeOne(left, name);
        open.delete(transaction);
        const rooms = [...keys].map(([room, told]) => ({ room, keys: told }));
        // As they were made: signals are asked side by side, one source each.
        const inOrder = [...changes].sort(([a], [b]) => Number(a) - Number(b));
        travelled.push({ rowIds: inOrder.map(([id]) => id), changes: inOrder.map(([, change]) => change), rooms });
      }
      return travelled;
    },
  };
}

function takeOne(left: Map<string, number>, name: string): void {
  const count = left.get(name) ?? 0;
  if (count > 1) left.set(name, count - 1);
  else left.delete(name);
}

function nameOf(room: Room, keys: readonly QueryKey[]): string {
  return [room, ...keys.map((key) => canonicalForm(key)).sort()].join('\n');
}

const KEYS_OF_TABLES: ReadonlyMap<string, readonly string[]> = new Map(
  capturedTables.map(({ table, key }) => [table, key]),
);

/** Of a row its key alone: what else is in it is told by the reads that show it, to those who may read it. */
function shownChange({ source, operation, old, new: after }: Change, isOfDemo: boolean): DemoChange {
  const image = after ?? old ?? {};
  const names = isOfDemo ? (KEYS_OF_TABLES.get(source) ?? Object.keys(image)) : [];
  const row: DemoChange['row'] = {};
  for (const name of names) {
    const value = image[name];
    if (typeof value === 'number' || typeof value === 'string') row[name] = value;
  }
  return { source, operation, row };
}
