import type { DemoChange, DemoTravel } from '@querycast/platform-protocol';
import type { ArrivedTravel } from './trail.js';

/** The row that a step has changed, by its table and key. */
export interface ChangedRow {
  readonly source: string;
  readonly row: Readonly<Record<string, number>>;
}

/** The travel of a change that was made since `sinceMs`; `undefined` while none was told. */
export function findTravel(
  arrived: readonly ArrivedTravel[],
  { source, row }: ChangedRow,
  sinceMs: number,
): ArrivedTravel | undefined {
  return arrived.find(
    ({ changes, arrivedAtMs }) =>
      arrivedAtMs >= sinceMs &&
      changes.some(
        (change) => change.source === source && Object.entries(row).every(([name, id]) => change.row[name] === id),
      ),
  );
}

/** When the change was captured, by the clock that the travel was heard of by. */
export function capturedAtMs({ arrivedAtMs, ageMs }: ArrivedTravel): number {
  return arrivedAtMs - ageMs;
}

/** A change in words: `subject_enrollments · insert`, `explicit call invalidate_cache`. */
export function signalText({ source, operation }: DemoChange): string {
  return operation === 'call' ? `explicit call ${source}` : `${source} · ${operation}`;
}

/** The keys that a room was told, as TanStack Query writes them. */
export function keysOf({ rooms }: Pick<DemoTravel, 'rooms'>, room: string): string[] {
  const told = rooms.find((each) => each.room === room);
  return (told?.keys ?? []).map((key) => `[${key.map((part) => JSON.stringify(part)).join(', ')}]`);
}

/** The other rooms that were told, with how much: `student:3 (3 keys)`. */
export function otherRooms({ rooms }: Pick<DemoTravel, 'rooms'>, room: string): string[] {
  return rooms
    .filter((each) => each.room !== room)
    .map((each) => `${each.room} (${each.keys.length} ${each.keys.length === 1 ? 'key' : 'keys'})`);
}

/** `43 ms`, `12.4 s`: never more digits than anybody reads. */
export function formatTook(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
