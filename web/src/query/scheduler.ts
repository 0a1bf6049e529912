import type { Position, Positions, Room, RowStatus } from '@querycast/protocol';
import { createRoomHeads } from './room-heads.js';
import {
  type Change,
  change,
  hasSomething,
  newRecord,
  type QueryEvent,
  type QueryHash,
  type QueryRecord,
  type Settled,
} from './schedule.js';

/** What the scheduler reacts to. */
export type ScheduleEvent =
  | Added
  | Removed
  | { readonly type: 'fetching' | 'mounted'; readonly hash: QueryHash }
  | Written
  | (Settled & { readonly hash: QueryHash })
  | News
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

/** What a room tells: a frame, a row or a resync. */
export interface News {
  readonly type: 'frame' | 'row' | 'resync';
  readonly room: Room;
  readonly position: Position;
  /** Queries that its keys name. */
  readonly matched?: ReadonlySet<QueryHash> | undefined;
  /** All live queries, where it may concern those too that it does not name. */
  readonly live?: ReadonlySet<QueryHash> | undefined;
  /** A random part of this many milliseconds may pass before fetching. */
  readonly spreadMs?: number | undefined;
  /** Of a row. */
  readonly status?: RowStatus | undefined;
  readonly first?: boolean | undefined;
  readonly sent?: Position | undefined;
}

/** Keeps what is known of the queries. An event costs what the queries it concerns cost, however many others there are. */
export interface Scheduler {
  /** Takes an event in and answers what to do with which query; `random` is uniform in [0, 1). */
  send(event: ScheduleEvent, at: { readonly nowMs: number; readonly random: number }): readonly Change[];
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
      const changes: Change[] = [];
      const apply = (hash: QueryHash, meaningFor: (record: QueryRecord) => QueryEvent | undefined) => {
        const record = records.get(hash);
        const meaning = record && meaningFor(record);
        if (!record || !meaning) return;
        const changed = change(record, meaning, moment);
        keep(changed[0]);
        changes.push(changed);
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
        if ('room' in event) rooms.follow(event, moment);
        const concerned = event.type === 'tick' ? [...waiting] : concernedBy(event);
        for (const hash of concerned) apply(hash, (record) => meaningOf(event, record, count));
      }
      // What was restored is believed no more than what was there when the row came.
      if ((event.type === 'added' || event.type === 'written') && event.isLive) {
        for (const [room, debt] of rooms.newerThan(event.dataUpdatedAtMs)) {
          apply(event.hash, () => ({ type: 'owe', room, debt }));
        }
      }
      return changes;
    },
    isRunning: (hash) => records.get(hash)?.runningSince !== undefined,
  };
}

/** Events that change records which are there. */
type Concerning = Exclude<ScheduleEvent, Added | Removed>;

/** What an event means for one of the queries that it concerns. */
function meaningOf(event: Concerning, record: QueryRecord, count: number): QueryEvent | undefined {
  if (event.type === 'tick') return { type: 'tick', isHeld: event.isHeld?.(record.hash) ?? false };
  if (!('room' in event)) return event;
  const { room, spreadMs } = event;
  const position = requiredBy(event, record);
  return position && { type: 'owe', room, debt: { position, since: count }, spreadMs };
}

function concernedBy(event: Exclude<Concerning, { type: 'tick' }>): Iterable<QueryHash> {
  if ('room' in event) return event.live ?? event.matched ?? [];
  return event.type === 'poll' ? event.mounted : [event.hash];
}

/** The position that news demand of a query; nothing when a recovered row of a known room does not name it. */
function requiredBy(news: News, record: QueryRecord): Position | undefined {
  if (news.matched?.has(record.hash)) return news.position;
  if (!hasSomething(record)) return undefined;
  // Continuity is proven from the position sent on: what reached that far and is not named is current.
  if (news.status === 'recovered') return news.first ? news.sent : undefined;
  return news.position;
}
