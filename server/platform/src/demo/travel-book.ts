import type { DemoChange, DemoTravel } from '@querycast/platform-protocol';
import { canonicalForm, type QueryKey, type Room, reduceKeys } from '@querycast/protocol';
import type { Change, PublishedPush, Stale } from '@querycast/server/postgres';
import { capturedTables } from '../db/captured-tables.js';
import { MAX_TOLD } from './trail-schema.js';

/** What a transaction made travel, and how long ago its first change was captured, in milliseconds. */
export interface Travelled extends Pick<DemoTravel, 'changes' | 'rooms' | 'ageMs'> {}

/** Puts together what signals answered and what was published of it. */
export interface TravelBook {
  /** Notes what a signal answered about changes of one transaction. Asked again about the same ones, the last answer counts. */
  note(changes: readonly Change[], stale: Stale): void;
  /** Takes out the transactions of which the shown rooms have been told everything, oldest first. */
  publish(pushes: readonly PublishedPush[]): Travelled[];
}

/** What one signal answered about rows that it was asked about together. */
interface Note {
  readonly transaction: string;
  /** By row, the first ones in their order. */
  readonly changes: ReadonlyMap<string, DemoChange>;
  readonly told: Stale['push'];
  /** Whether nobody else is concerned: of others not even the ids are anybody's business here. */
  readonly isOfDemo: boolean;
}

/** Most rows that wait to be published: what waits longer than for that many others is forgotten. */
const MAX_ROWS = 2_000;

/**
 * Creates an empty book about `shown` rooms. What concerns none of them is not even noted. What was published names the
 * rows that it announces: a row that is never published waits for nobody else, and nobody for it.
 */
export function createTravelBook(shown: ReadonlySet<Room>): TravelBook {
  const notes = new Map<string, Note>();

  return {
    note(changes, { push }) {
      for (const { id } of changes) notes.delete(id);
      const told = push.filter(({ room }) => shown.has(room));
      const [first] = changes;
      if (!first || told.length === 0) return;
      const isOfDemo = told.length === push.length;
      const kept = changes.slice(0, MAX_TOLD).map((change) => [change.id, shownChange(change, isOfDemo)] as const);
      const note = { transaction: first.transaction, changes: new Map(kept), told, isOfDemo };
      for (const [id] of kept) notes.set(id, note);
      for (const id of notes.keys()) {
        if (notes.size <= MAX_ROWS) break;
        notes.delete(id);
      }
    },

    publish(pushes) {
      const travelled: Travelled[] = [];
      for (const { notes: ofTransaction, pushes: published } of byTransaction(pushes).values()) {
        // The rest of it is published later, and together with this once more.
        if (
          !coversAll(
            published,
            [...ofTransaction].flatMap(({ told }) => told),
          )
        )
          continue;
        const changes = new Map([...ofTransaction].flatMap((note) => [...note.changes]));
        for (const id of changes.keys()) notes.delete(id);
        // As they were made: signals are asked side by side, one source each.
        const inOrder = [...changes].sort(([a], [b]) => Number(a) - Number(b));
        travelled.push({
          changes: inOrder.map(([, change]) => change).slice(0, MAX_TOLD),
          rooms: [...keysByRoom(published)].map(([room, keys]) => ({ room, keys: shownKeys(keys, ofTransaction) })),
          ageMs: published.reduce((oldest, { ageMs }) => Math.max(oldest, ageMs), 0),
        });
      }
      return travelled;
    },
  };

  /** What is published of each transaction that was noted, and what was noted of its rows. */
  function byTransaction(pushes: readonly PublishedPush[]): Map<string, { notes: Set<Note>; pushes: PublishedPush[] }> {
    const found = new Map<string, { notes: Set<Note>; pushes: PublishedPush[] }>();
    for (const push of pushes) {
      if (!shown.has(push.room)) continue;
      for (const id of push.rows) {
        const note = notes.get(id);
        if (!note) continue;
        const { transaction } = note;
        const each = found.get(transaction) ?? { notes: new Set(), pushes: [] };
        each.notes.add(note);
        if (each.pushes.at(-1) !== push) each.pushes.push(push);
        found.set(transaction, each);
      }
    }
    return found;
  }
}

/** The keys; of a change that concerns others as well the first elements alone. */
function shownKeys(keys: readonly QueryKey[], notes: ReadonlySet<Note>): QueryKey[] {
  const isOfDemo = [...notes].every((note) => note.isOfDemo);
  return reduceKeys(isOfDemo ? keys : keys.map(([root]) => [root]));
}

function coversAll(published: Stale['push'], told: Stale['push']): boolean {
  const names = new Set(published.flatMap(namesOf));
  return [...keysByRoom(told)].every(([room, keys]) =>
    namesOf({ room, keys: reduceKeys(keys) }).every((name) => names.has(name)),
  );
}

function keysByRoom(pushes: Stale['push']): Map<Room, QueryKey[]> {
  const byRoom = new Map<Room, QueryKey[]>();
  for (const { room, keys } of pushes) byRoom.set(room, [...(byRoom.get(room) ?? []), ...keys]);
  return byRoom;
}

function namesOf({ room, keys }: Stale['push'][number]): string[] {
  return keys.map((key) => `${room} ${canonicalForm(key)}`);
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
