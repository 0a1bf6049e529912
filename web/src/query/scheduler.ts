import type { Position, Positions, Room, RowStatus } from '@querycast/protocol';
import { createRoomHeads } from './room-heads.js';
import {
  change,
  hasSomething,
  newRecord,
  type QueryEvent,
  type QueryHash,
  type QueryRecord,
  type ScheduleEffect,
  type Settled,
} from './schedule.js';

/** What the scheduler reacts to. */
export type ScheduleEvent =
  | Added
  | Removed
  | { readonly type: 'fetching'; readonly hash: QueryHash }
  | Written
  | (Settled & { readonly hash: QueryHash })
  | {
      readonly type: 'frame';
      readonly room: Room;
      readonly position: Position;
      readonly matched: ReadonlySet<QueryHash>;
      /** A random part of this many milliseconds may pass before fetching. */
      readonly spreadMs?: number | undefined;
    }
  | RowArrived
  | {
      readonly type: 'resync';
      readonly room: Room;
      readonly position: Position;
      readonly live: ReadonlySet<QueryHash>;
      readonly spreadMs?: number | undefined;
    }
  | { readonly type: 'poll'; readonly mounted: ReadonlySet<QueryHash> }
  /** `isHeld`: whether a mutation is under way that is about the query's root; default: none is. */
  | { readonly type: 'tick'; readonly isHeld?: ((hash: QueryHash) => boolean) | undefined };

/** A query came into the cache. */
export interface Added {
  readonly type: 'added';
  readonly hash: QueryHash;
  readonly isFetching: boolean;
  readonly isLive: boolean;
  /** Milliseconds since 1970; `undefined` without data. */
  readonly dataUpdatedAtMs: number | undefined;
  readonly positions?: Positions | undefined;
}

/** Data of a query that was not fetched just now: the application wrote it, or something restored it. */
export interface Written {
  readonly type: 'written';
  readonly hash: QueryHash;
  readonly isLive: boolean;
  /** Milliseconds since 1970; `undefined` without data. */
  readonly dataUpdatedAtMs: number | undefined;
}

/** A query went out of the cache. */
export interface Removed {
  readonly type: 'removed';
  readonly hash: QueryHash;
}

/** A room's row. */
export interface RowArrived {
  readonly type: 'row';
  readonly room: Room;
  readonly position: Position;
  readonly status: RowStatus;
  readonly first: boolean;
  readonly sent?: Position | undefined;
  readonly live: ReadonlySet<QueryHash>;
  readonly matched: ReadonlySet<QueryHash>;
}

/** Keeps what is known of the queries. An event costs what the queries it concerns cost, however many others there are. */
export interface Scheduler {
  /** Takes an event in and answers what to do; `random` is uniform in [0, 1). */
  send(event: ScheduleEvent, at: { readonly nowMs: number; readonly random: number }): readonly ScheduleEffect[];
  /** Whether a fetch of the query is under way. */
  isRunning(hash: QueryHash): boolean;
}

/** A scheduler that knows no query. */
export function createScheduler(): Scheduler {
  const records = new Map<QueryHash, QueryRecord>();
  const waiting = new Set<QueryHash>();
  const rooms = createRoomHeads();
  let count = 0;

  function keep(record: QueryRecord): void {
    records.set(record.hash, record);
    if (record.due) waiting.add(record.hash);
    else waiting.delete(record.hash);
  }

  return {
    send: (event, at) => {
      count += 1;
      const moment = { ...at, count };
      const effects: ScheduleEffect[] = [];
      const apply = (record: QueryRecord, meaning: QueryEvent) => {
        const [next, ...more] = change(record, meaning, moment);
        keep(next);
        effects.push(...more);
      };
      if (event.type === 'removed') {
        records.delete(event.hash);
        waiting.delete(event.hash);
        return [];
      }
      if (event.type === 'added') {
        const data = event.dataUpdatedAtMs === undefined ? undefined : { since: 0, positions: event.positions };
        keep(newRecord(event.hash, data, event.isFetching));
      } else {
        if (event.type === 'frame' || event.type === 'row' || event.type === 'resync') rooms.follow(event, moment);
        for (const hash of event.type === 'tick' ? [...waiting] : concernedBy(event)) {
          const record = records.get(hash);
          const meaning = record && meaningOf(event, record, count);
          if (record && meaning) apply(record, meaning);
        }
      }
      // What was restored is believed no more than what was there when the row came.
      if ((event.type === 'added' || event.type === 'written') && event.isLive) {
        for (const [room, debt] of rooms.newerThan(event.dataUpdatedAtMs)) {
          const record = records.get(event.hash);
          if (record) apply(record, { type: 'owe', room, debt });
        }
      }
      return onceAwake(effects);
    },
    isRunning: (hash) => records.get(hash)?.runningSince !== undefined,
  };
}

/** Events that change records which are there. */
type Concerning = Exclude<ScheduleEvent, Added | Removed>;

/** What an event means for one of the queries that it concerns. */
function meaningOf(event: Concerning, record: QueryRecord, count: number): QueryEvent | undefined {
  switch (event.type) {
    case 'frame':
    case 'resync': {
      if (event.type === 'resync' && !hasSomething(record)) return undefined;
      const { room, position, spreadMs } = event;
      return { type: 'owe', room, debt: { position, since: count }, spreadMs };
    }
    case 'row': {
      const position =
        hasSomething(record) || event.matched.has(record.hash) ? requiredBy(event, record.hash) : undefined;
      return position && { type: 'owe', room: event.room, debt: { position, since: count } };
    }
    case 'tick':
      return { type: 'tick', isHeld: event.isHeld?.(record.hash) ?? false };
    default:
      return event;
  }
}

function concernedBy(event: Exclude<Concerning, { type: 'tick' }>): Iterable<QueryHash> {
  if (event.type === 'frame') return event.matched;
  if (event.type === 'row' || event.type === 'resync') return event.live;
  return event.type === 'poll' ? event.mounted : [event.hash];
}

/** The position that a row demands of a query; nothing when a recovered row of a known room does not name it. */
function requiredBy(row: RowArrived, hash: QueryHash): Position | undefined {
  if (row.status !== 'recovered' || row.matched.has(hash)) return row.position;
  // Continuity is proven from the position sent on: what reached that far and is not named is current.
  return row.first ? row.sent : undefined;
}

/** The first wake-up is enough: what is not due by then asks for another. */
function onceAwake(effects: readonly ScheduleEffect[]): readonly ScheduleEffect[] {
  const times = effects.flatMap((effect) => (effect.type === 'wake' ? [effect.atMs] : []));
  if (times.length < 2) return effects;
  const atMs = times.reduce((first, time) => Math.min(first, time));
  return [...effects.filter((effect) => effect.type !== 'wake'), { type: 'wake', atMs }];
}
