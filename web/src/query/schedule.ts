/**
 * When to fetch what, as a pure function: `(state, event, moment) → [state, effects]`. It knows queries by hash only; the
 * binder matches keys, tells what the query cache does, and executes the effects with `queryClient.invalidateQueries`.
 *
 * 1. What a query lacks is a debt, and only data that includes it pays it. `mark` follows every debt at once.
 * 2. A running fetch is never disturbed: its debts are judged when it settles. So at most one fetch runs and one waits.
 * 3. Every fetch is first due, and started by a `tick`: whatever delays a fetch delays `dueAtMs` and nothing else.
 */
import type { Position, Positions, Room, RowStatus } from '@querycast/protocol';
import { addDebt, type Debt, type Debts, type Evidence, isAfter, lacks, unpaid } from './evidence.js';
import { commonPositions } from './header-notes.js';

/** A query in the cache, by `queryHash`. */
export type QueryHash = string;

/** What the scheduler knows of one query. */
export interface QueryRecord {
  /** Of the data it holds; `undefined` without data. */
  readonly data: Evidence | undefined;
  /** When the running fetch began, on the count of events; `undefined` at rest. */
  readonly runningSince: number | undefined;
  readonly debts: Debts;
  /** Fetches in a row that began after all debts were known and yet did not pay them. */
  readonly attempts: number;
  /** When to fetch, in milliseconds since 1970; never while a fetch is running. */
  readonly dueAtMs: number | undefined;
}

/** The scheduler's state. */
export interface ScheduleState {
  /** Counts events: which of two came first is a matter of their order, not of a clock. */
  readonly count: number;
  readonly queries: ReadonlyMap<QueryHash, QueryRecord>;
}

/** How a fetch ended. A cancelled one leaves the data it found. */
export type FetchResult = 'success' | 'failure' | 'cancelled';

/** What the scheduler reacts to. */
export type ScheduleEvent =
  | { type: 'added'; hash: QueryHash; hasData: boolean; isFetching: boolean; positions?: Positions | undefined }
  | { type: 'removed'; hash: QueryHash }
  | { type: 'fetching'; hash: QueryHash }
  /** `isPartial`: only a part of the data is new, e.g. one more page. */
  | { type: 'settled'; hash: QueryHash; result: FetchResult; isPartial: boolean; positions?: Positions | undefined }
  /** The application wrote the data itself. */
  | { type: 'written'; hash: QueryHash }
  | { type: 'frame'; room: Room; position: Position; matched: ReadonlySet<QueryHash> }
  | RowArrived
  | { type: 'resync'; room: Room; position: Position; live: ReadonlySet<QueryHash> }
  | { type: 'poll'; mounted: ReadonlySet<QueryHash> }
  | { type: 'tick' };

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

/** What the binder must do. */
export type ScheduleEffect =
  /** Mark as stale, at once and without fetching. */
  | { type: 'mark'; hash: QueryHash }
  /** Mark as stale and fetch if mounted and enabled. */
  | { type: 'refetch'; hash: QueryHash }
  /** Send a `tick` at that time. */
  | { type: 'wake'; atMs: number }
  /** The responses stay behind what was announced; no further fetch until the next change. */
  | { type: 'behind'; hash: QueryHash; attempts: number };

/** The moment of an event: milliseconds since 1970 and a number uniform in [0, 1). */
export interface Moment {
  readonly nowMs: number;
  readonly random: number;
}

/** A state and what to do. */
export type Scheduled = readonly [ScheduleState, readonly ScheduleEffect[]];

/** A scheduler that knows no query. */
export const emptySchedule: ScheduleState = { count: 0, queries: new Map() };

/** Refetches after the first fetch that was in vain. */
const MAX_RETRIES = 3;

/** First delay before such a refetch, in milliseconds; doubles, and is jittered down to half. */
const RETRY_DELAY_MS = 500;

/** No fetch is ever due later than this, in milliseconds. */
const LONGEST_DELAY_MS = RETRY_DELAY_MS * 2 ** MAX_RETRIES;

const NO_DEBTS: Debts = new Map();

/** The next state and what to do. */
export function schedule(state: ScheduleState, event: ScheduleEvent, moment: Moment): Scheduled {
  const count = state.count + 1;
  switch (event.type) {
    case 'added':
      return put({ ...state, count }, event.hash, recordOf(event));
    case 'removed':
      return remove({ ...state, count }, event.hash);
    case 'tick':
      return startDue({ ...state, count }, moment);
    case 'fetching':
      return change(state, count, [event.hash], (record) => [{ ...record, runningSince: count, dueAtMs: undefined }]);
    case 'settled':
      return change(state, count, [event.hash], (record) => settle(record, event, count, moment));
    case 'written':
      // Nothing is known of data that the application made up, and TanStack has just taken the mark off.
      return change(state, count, [event.hash], (record) => [
        { ...record, data: { since: 0 } },
        ...markOf(event.hash, record.debts),
      ]);
    case 'poll':
      return change(state, count, event.mounted, (record) => [
        record.runningSince === undefined ? { ...record, dueAtMs: moment.nowMs } : record,
        { type: 'wake', atMs: moment.nowMs },
      ]);
    case 'frame':
      return change(state, count, event.matched, (record, hash) =>
        owe(record, hash, event.room, { position: event.position, since: count }, moment),
      );
    case 'resync':
      return change(state, count, event.live, (record, hash) =>
        hasSomething(record)
          ? owe(record, hash, event.room, { position: event.position, since: count }, moment)
          : [record],
      );
    case 'row':
      return change(state, count, event.live, (record, hash) => {
        const position = hasSomething(record) || event.matched.has(hash) ? requiredBy(event, hash) : undefined;
        return position === undefined ? [record] : owe(record, hash, event.room, { position, since: count }, moment);
      });
  }
}

type Change = readonly [QueryRecord, ...ScheduleEffect[]];

function change(
  state: ScheduleState,
  count: number,
  hashes: Iterable<QueryHash>,
  step: (record: QueryRecord, hash: QueryHash) => Change,
): Scheduled {
  const queries = new Map(state.queries);
  const effects: ScheduleEffect[] = [];
  for (const hash of hashes) {
    const record = queries.get(hash);
    if (!record) continue;
    const [next, ...more] = step(record, hash);
    queries.set(hash, next);
    effects.push(...more);
  }
  return [{ count, queries }, onceAwake(effects)];
}

/** One wake-up per moment is enough. */
function onceAwake(effects: readonly ScheduleEffect[]): ScheduleEffect[] {
  const times = new Set<number>();
  return effects.filter((effect) => {
    if (effect.type !== 'wake') return true;
    const isNew = !times.has(effect.atMs);
    times.add(effect.atMs);
    return isNew;
  });
}

function put(state: ScheduleState, hash: QueryHash, record: QueryRecord): Scheduled {
  return [{ ...state, queries: new Map(state.queries).set(hash, record) }, []];
}

function remove(state: ScheduleState, hash: QueryHash): Scheduled {
  const queries = new Map(state.queries);
  queries.delete(hash);
  return [{ ...state, queries }, []];
}

function recordOf(added: Extract<ScheduleEvent, { type: 'added' }>): QueryRecord {
  return {
    data: added.hasData ? { since: 0, positions: added.positions } : undefined,
    runningSince: added.isFetching ? 0 : undefined,
    debts: NO_DEBTS,
    attempts: 0,
    dueAtMs: undefined,
  };
}

/** Whether there is something that a row could prove to be old. */
function hasSomething(record: QueryRecord): boolean {
  return record.data !== undefined || record.runningSince !== undefined;
}

/** The position that a row demands of a query; nothing when a recovered row of a known room does not name it. */
function requiredBy(row: RowArrived, hash: QueryHash): Position | undefined {
  if (row.status !== 'recovered' || row.matched.has(hash)) return row.position;
  // Continuity is proven from the position sent on: what reached that far and is not named is current.
  return row.first ? row.sent : undefined;
}

/** A query must include something: nothing happens if its data does. */
function owe(record: QueryRecord, hash: QueryHash, room: Room, debt: Debt, { nowMs }: Moment): Change {
  const isRunning = record.runningSince !== undefined;
  if (!isRunning && record.data && !lacks(record.data, room, debt)) return [record];
  const owing = { ...record, debts: addDebt(record.debts, room, debt) };
  const mark = { type: 'mark', hash } as const;
  // A fetch under way is judged when it settles, and one that waits will see this change too.
  if (isRunning || record.dueAtMs !== undefined) return [owing, mark];
  return [{ ...owing, attempts: 0, dueAtMs: nowMs }, mark, { type: 'wake', atMs: nowMs }];
}

function settle(
  record: QueryRecord,
  event: Extract<ScheduleEvent, { type: 'settled' }>,
  count: number,
  moment: Moment,
): Change {
  const fetched: Evidence = { since: record.runningSince ?? count, positions: event.positions };
  const data = event.result === 'success' ? evidenceAfter(record, fetched, event.isPartial) : record.data;
  const debts = event.result === 'success' && data ? unpaid(data, record.debts) : record.debts;
  const rested = { ...record, data, debts, runningSince: undefined };
  if (debts.size === 0) return [{ ...rested, attempts: 0, dueAtMs: undefined }];
  const mark = { type: 'mark', hash: event.hash } as const;
  if (event.result === 'cancelled') return due(rested, record.attempts, delayMs(0, moment), mark, moment);
  const judged = event.result === 'success' && data ? data : fetched;
  if (!isAfter(judged, debts)) return due(rested, record.attempts, 0, mark, moment);
  const attempts = record.attempts + 1;
  if (attempts <= MAX_RETRIES) return due(rested, attempts, delayMs(attempts - 1, moment), mark, moment);
  return [{ ...rested, attempts }, mark, { type: 'behind', hash: event.hash, attempts }];
}

function due(record: QueryRecord, attempts: number, inMs: number, mark: ScheduleEffect, { nowMs }: Moment): Change {
  const atMs = nowMs + inMs;
  return [{ ...record, attempts, dueAtMs: atMs }, mark, { type: 'wake', atMs }];
}

function delayMs(retries: number, { random }: Moment): number {
  return RETRY_DELAY_MS * 2 ** retries * (0.5 + random / 2);
}

/** Data that is new only in part is as old as its oldest part. */
function evidenceAfter(record: QueryRecord, fetched: Evidence, isPartial: boolean): Evidence {
  if (!isPartial || !record.data) return fetched;
  return {
    since: Math.min(record.data.since, fetched.since),
    positions: commonPositions(record.data.positions ?? {}, fetched.positions ?? {}),
  };
}

function startDue(state: ScheduleState, { nowMs }: Moment): Scheduled {
  const queries = new Map(state.queries);
  const effects: ScheduleEffect[] = [];
  for (const [hash, record] of state.queries) {
    if (record.dueAtMs === undefined) continue;
    // Timers are a little early at times. Only a clock that was set back is that far from what is due.
    const isEarly = record.dueAtMs > nowMs && record.dueAtMs <= nowMs + LONGEST_DELAY_MS;
    if (isEarly) {
      effects.push({ type: 'wake', atMs: record.dueAtMs });
      continue;
    }
    queries.set(hash, { ...record, dueAtMs: undefined });
    effects.push({ type: 'refetch', hash });
  }
  return [{ ...state, queries }, onceAwake(effects)];
}

function markOf(hash: QueryHash, debts: Debts): ScheduleEffect[] {
  return debts.size === 0 ? [] : [{ type: 'mark', hash }];
}
