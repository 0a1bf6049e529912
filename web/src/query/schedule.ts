/**
 * When to fetch one query and what, as a pure function: `(record, event, moment) → [record, effects]`. The scheduler keeps
 * the records and says which of them an event concerns; the binder matches keys, tells what the query cache does, and
 * executes the effects.
 *
 * 1. What a query lacks is a debt, and only data that includes it pays it. `mark` follows every debt at once.
 * 2. A running fetch is never disturbed: its debts are judged when it settles. So at most one fetch runs and one waits.
 * 3. Every fetch is first due, and started by a `tick`: whatever delays a fetch delays `dueAtMs` and nothing else.
 */
import type { Positions, Room } from '@querycast/protocol';
import { addDebt, type Debt, type Debts, type Evidence, isAfter, lacks, unpaid } from './evidence.js';
import { commonPositions } from './header-notes.js';

/** A query in the cache, by `queryHash`. */
export type QueryHash = string;

/** What is known of one query. */
export interface QueryRecord {
  readonly hash: QueryHash;
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

/** How a fetch ended. A cancelled one leaves the data it found. */
export type FetchResult = 'success' | 'failure' | 'cancelled';

/** What can happen to a query. */
export type QueryEvent =
  /** `written`: the application wrote the data itself. */
  | { readonly type: 'fetching' | 'written' | 'poll' | 'tick' }
  | Settled
  /** It must include what happened in a room. */
  | { readonly type: 'owe'; readonly room: Room; readonly debt: Debt };

/** A fetch came to its end. */
export interface Settled {
  readonly type: 'settled';
  readonly result: FetchResult;
  /** Only a part of the data is new, e.g. one more page. */
  readonly isPartial: boolean;
  readonly positions?: Positions | undefined;
}

/** What the binder must do. */
export type ScheduleEffect =
  /** Mark as stale, at once and without fetching. */
  | { readonly type: 'mark'; readonly hash: QueryHash }
  /** Mark as stale and fetch if mounted and enabled. */
  | { readonly type: 'refetch'; readonly hash: QueryHash }
  /** Send a `tick` at that time. */
  | { readonly type: 'wake'; readonly atMs: number }
  /** The responses stay behind what was announced; no further fetch until the next change. */
  | { readonly type: 'behind'; readonly hash: QueryHash; readonly attempts: number };

/** The moment of an event. */
export interface Moment {
  /** Counts events: which of two came first is a matter of their order, not of a clock. */
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/** A record after an event, and what to do. */
export type Change = readonly [QueryRecord, ...ScheduleEffect[]];

/** Refetches after the first fetch that was in vain. */
const MAX_RETRIES = 3;

/** First delay before such a refetch, in milliseconds; doubles, and is jittered down to half. */
const RETRY_DELAY_MS = 500;

/** No fetch is ever due later than this, in milliseconds. */
const LONGEST_DELAY_MS = RETRY_DELAY_MS * 2 ** MAX_RETRIES;

const NO_DEBTS: Debts = new Map();

/** A query that has just come to be known; `data` tells of what it holds already. */
export function newRecord(hash: QueryHash, data: Evidence | undefined, isFetching: boolean): QueryRecord {
  return { hash, data, runningSince: isFetching ? 0 : undefined, debts: NO_DEBTS, attempts: 0, dueAtMs: undefined };
}

/** The record after an event, and what to do. */
export function change(record: QueryRecord, event: QueryEvent, moment: Moment): Change {
  switch (event.type) {
    case 'fetching':
      return [{ ...record, runningSince: moment.count, dueAtMs: undefined }];
    case 'settled':
      return settle(record, event, moment);
    case 'written':
      // Nothing is known of data that the application made up, and TanStack has just taken the mark off.
      return [{ ...record, data: { since: 0 } }, ...(record.debts.size === 0 ? [] : [markOf(record)])];
    case 'owe':
      return owe(record, event.room, event.debt, moment);
    case 'poll':
      return [
        record.runningSince === undefined ? { ...record, dueAtMs: moment.nowMs } : record,
        { type: 'wake', atMs: moment.nowMs },
      ];
    case 'tick':
      return startIfDue(record, moment);
  }
}

/** Whether there is something that a row could prove to be old. */
export function hasSomething(record: QueryRecord): boolean {
  return record.data !== undefined || record.runningSince !== undefined;
}

/** A query must include something: nothing happens if its data does. */
function owe(record: QueryRecord, room: Room, debt: Debt, { nowMs }: Moment): Change {
  const isRunning = record.runningSince !== undefined;
  if (!isRunning && record.data && !lacks(record.data, room, debt)) return [record];
  const owing = { ...record, debts: addDebt(record.debts, room, debt) };
  const mark = markOf(record);
  // A fetch under way is judged when it settles, and one that waits will see this change too.
  if (isRunning || record.dueAtMs !== undefined) return [owing, mark];
  return [{ ...owing, attempts: 0, dueAtMs: nowMs }, mark, { type: 'wake', atMs: nowMs }];
}

function settle(record: QueryRecord, event: Settled, moment: Moment): Change {
  const fetched: Evidence = { since: record.runningSince ?? moment.count, positions: event.positions };
  const data = event.result === 'success' ? evidenceAfter(record, fetched, event.isPartial) : record.data;
  const debts = event.result === 'success' && data ? unpaid(data, record.debts) : record.debts;
  const rested = { ...record, data, debts, runningSince: undefined };
  if (debts.size === 0) return [{ ...rested, attempts: 0, dueAtMs: undefined }];
  const mark = markOf(record);
  if (event.result === 'cancelled') return due(rested, record.attempts, delayMs(0, moment), mark, moment);
  const judged = event.result === 'success' && data ? data : fetched;
  if (!isAfter(judged, debts)) return due(rested, record.attempts, 0, mark, moment);
  const attempts = record.attempts + 1;
  if (attempts <= MAX_RETRIES) return due(rested, attempts, delayMs(attempts - 1, moment), mark, moment);
  return [{ ...rested, attempts }, mark, { type: 'behind', hash: record.hash, attempts }];
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

function startIfDue(record: QueryRecord, { nowMs }: Moment): Change {
  const { dueAtMs } = record;
  if (dueAtMs === undefined) return [record];
  // Timers are a little early at times. Only a clock that was set back is that far from what is due.
  const isEarly = dueAtMs > nowMs && dueAtMs <= nowMs + LONGEST_DELAY_MS;
  if (isEarly) return [record, { type: 'wake', atMs: dueAtMs }];
  return [
    { ...record, dueAtMs: undefined },
    { type: 'refetch', hash: record.hash },
  ];
}

function markOf({ hash }: QueryRecord): ScheduleEffect {
  return { type: 'mark', hash };
}
