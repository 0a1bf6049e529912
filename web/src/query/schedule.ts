/**
 * When to fetch one query and what, as a pure function: `(record, event, moment) → [record, action]`. The scheduler keeps
 * the records and says which of them an event concerns; the binder matches keys, tells what the query cache does, acts, and
 * sends a `tick` when the first query is due.
 *
 * 1. What a query lacks is a debt, and only data that includes it pays it. `mark` follows every debt at once.
 * 2. A running fetch is never disturbed: its debts are judged when it settles. So at most one fetch runs and one waits.
 * 3. Every fetch is first due, and started by a `tick`: whatever delays a fetch delays `due` and nothing else.
 * 4. A change that may wait is fetched at a random moment of its spread. Nothing moves that moment further out, and a
 *    change that may not wait as long draws it in.
 * 5. A quiet query is fetched at once, a busy one once in a window: its last change is never left out. Windows grow while
 *    a query stays busy, up to two seconds.
 * 6. A fetch that fails is tried again for as long as it takes, less and less often, however many changes are announced:
 *    what kept it from the server may last, and nothing else tells when it is over.
 * 7. A fetch waits for a mutation of the same root, which ends with a fetch of its own, for ten seconds at most.
 */
import type { Positions, Room } from '@querycast/protocol';
import { backoffMs } from '../client/backoff.js';
import {
  addDebt,
  type Debt,
  type Debts,
  type Evidence,
  isAfter,
  lacks,
  lacksAny,
  paidBy,
  withPaid,
} from './evidence.js';
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
  /** Whether the data lacks any of them. */
  readonly owes: boolean;
  /** Fetches in a row that began after all debts were known and yet did not pay them. */
  readonly attempts: number;
  /** Fetches in a row that brought no answer. */
  readonly failures: number;
  /** When to fetch; never while a fetch is running. */
  readonly due: Due | undefined;
  /** The time after a change was fetched in which the next one waits; `undefined` before the first. */
  readonly window: Window | undefined;
  /** Since when a fetch that is due waits for a mutation, in milliseconds since 1970. */
  readonly heldSinceMs: number | undefined;
}

/** Begins with a fetch that a change made due. */
export interface Window {
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly lengthMs: number;
}

/** When to fetch, in milliseconds since 1970. */
export interface Due {
  readonly atMs: number;
  /** When that was decided: at an earlier moment only a clock that was set back can be. */
  readonly setAtMs: number;
  /** Another change may draw it in: what waits is no server that is down, and no answer that stayed behind. */
  readonly mayComeSooner: boolean;
}

/** How a fetch ended. A cancelled one leaves the data it found; after a refused one the application would not try again. */
export type FetchResult = 'success' | 'failure' | 'refused' | 'cancelled';

/** What can happen to a query. */
export type QueryEvent =
  /** `written`: the application wrote the data itself. `mounted`: somebody looks at it who need not fetch. */
  | { readonly type: 'fetching' | 'written' | 'poll' | 'mounted' }
  /** `isHeld`: a mutation is under way that may well change the data. */
  | { readonly type: 'tick'; readonly isHeld?: boolean }
  | Settled
  /** It must include what happened in a room, and may wait for a random part of `spreadMs`. */
  | { readonly type: 'owe'; readonly room: Room; readonly debt: Debt; readonly spreadMs?: number | undefined };

/** A fetch came to its end. */
export interface Settled {
  readonly type: 'settled';
  readonly result: FetchResult;
  /** Only a part of the data is new, e.g. one more page. */
  readonly isPartial: boolean;
  readonly positions?: Positions | undefined;
}

/**
 * What the binder must do. `mark`: as stale, without fetching. `refetch`: mark, and fetch if mounted and enabled. `behind`:
 * mark; the responses stay behind what was announced, and there is no further fetch until the next change.
 */
export type Action = 'mark' | 'refetch' | 'behind';

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
export type Change = readonly [QueryRecord, (Action | undefined)?];

/** Refetches after the first fetch that was in vain: that was refused, or whose answer stayed behind. */
const MAX_RETRIES = 3;

/** Length of the first window, and of the longest, in milliseconds. */
const FIRST_WINDOW_MS = 250;
const MAX_WINDOW_MS = 2_000;

/** Longest that a mutation holds a fetch back, in milliseconds. */
const MAX_HOLD_MS = 10_000;

const NO_DEBTS: Debts = new Map();

/** A query that has just come to be known; `data` tells of what it holds already. */
export function newRecord(hash: QueryHash, data: Evidence | undefined, isFetching: boolean): QueryRecord {
  const runningSince = isFetching ? 0 : undefined;
  const atRest = {
    debts: NO_DEBTS,
    owes: false,
    attempts: 0,
    failures: 0,
    due: undefined,
    window: undefined,
    heldSinceMs: undefined,
  };
  return { hash, data, runningSince, ...atRest };
}

/** The record after an event, and what to do. */
export function change(record: QueryRecord, event: QueryEvent, moment: Moment): Change {
  switch (event.type) {
    case 'fetching':
      return [{ ...record, runningSince: moment.count, due: undefined, heldSinceMs: undefined }];
    case 'settled':
      return settle(record, event, moment);
    case 'written':
      // Nothing is known of data that the application made up, and TanStack has just taken the mark off.
      return [{ ...record, data: { since: 0 } }, record.owes ? 'mark' : undefined];
    case 'owe':
      return owe(record, event, moment);
    case 'poll':
      return record.runningSince === undefined && record.heldSinceMs === undefined
        ? dueIn(0, record, moment)
        : [record];
    case 'mounted':
      // What was only marked while nobody looked, and not given up; most applications fetch it themselves, before the tick.
      return record.owes && record.attempts <= MAX_RETRIES && record.runningSince === undefined && !record.due
        ? dueIn(0, record, moment)
        : [record];
    case 'tick':
      return startIfDue(record, event.isHeld ?? false, moment);
  }
}

/** Whether there is something that a row could prove to be old, or owed to a sequence that is no more. */
export function hasSomething(record: QueryRecord): boolean {
  return record.data !== undefined || record.runningSince !== undefined || record.owes;
}

/** A query must include something: nothing happens if its data does. */
function owe(record: QueryRecord, event: Extract<QueryEvent, { type: 'owe' }>, moment: Moment): Change {
  const { room, debt, spreadMs = 0 } = event;
  const isRunning = record.runningSince !== undefined;
  const { data } = record;
  const isCovered = !isRunning && data && !lacks(data, room, debt);
  // The position of the data is remembered with it: nothing to copy for each of many rooms.
  if (isCovered && data.positions?.[room] && !record.debts.has(room)) return [record];
  const debts = addDebt(record.debts, room, isCovered ? { ...debt, isPaid: true } : debt);
  if (isCovered) return [{ ...record, debts }];
  const owing = { ...record, debts, owes: true };
  const { due } = record;
  // A fetch under way is judged when it settles, and one that waits will see this change too.
  const isWaiting = due && !(due.mayComeSooner && due.atMs > moment.nowMs + spreadMs);
  if (isRunning || isWaiting) return [owing, 'mark'];
  const inMs = Math.max(moment.random * spreadMs, windowLeftMs(record, moment));
  return dueIn(inMs, { ...owing, attempts: 0 }, moment, true);
}

function settle(record: QueryRecord, { result, isPartial, positions }: Settled, moment: Moment): Change {
  const fetched: Evidence = { since: record.runningSince ?? moment.count, positions };
  const isAnswered = result === 'success';
  const data = isAnswered ? evidenceAfter(record, fetched, isPartial) : record.data;
  // An answer may be older than what was there before.
  const known = record.data ? withPaid(record.debts, record.data) : record.debts;
  // A part of an answer is judged alone when nothing was owed: the rest is as it was.
  const proof = isPartial && !record.owes ? fetched : data;
  const owes = isAnswered && proof ? lacksAny(proof, known) : record.owes;
  const debts = isAnswered && data ? paidBy(data, known) : known;
  const rested = { ...record, data, debts, owes, failures: 0, runningSince: undefined };
  if (!owes) return [{ ...rested, attempts: 0, due: undefined }];
  if (result === 'failure' || result === 'cancelled') {
    const again = { ...rested, failures: record.failures + 1 };
    return dueIn(delayMs(record.failures, moment), again, moment, result === 'cancelled');
  }
  const judged = isAnswered && data ? data : fetched;
  if (!isAfter(judged, debts)) return dueIn(windowLeftMs(record, moment), rested, moment);
  const attempts = record.attempts + 1;
  if (attempts <= MAX_RETRIES) return dueIn(delayMs(record.attempts, moment), { ...rested, attempts }, moment);
  return [{ ...rested, attempts }, 'behind'];
}

/** Stale until the fetch that is now due. */
function dueIn(inMs: number, record: QueryRecord, { nowMs }: Moment, mayComeSooner = false): Change {
  return [{ ...record, due: { atMs: nowMs + inMs, setAtMs: nowMs, mayComeSooner } }, 'mark'];
}

/** Half a second after the first fetch, doubled with each up to half a minute; jittered down to half: who is behind gets time. */
function delayMs(retries: number, { random }: Moment): number {
  return backoffMs(retries - 1, 0.5 + random / 2);
}

/** Data that is new only in part is as old as its oldest part. */
function evidenceAfter(record: QueryRecord, fetched: Evidence, isPartial: boolean): Evidence {
  if (!isPartial || !record.data) return fetched;
  return {
    since: Math.min(record.data.since, fetched.since),
    positions: commonPositions(record.data.positions ?? {}, fetched.positions ?? {}),
  };
}

function startIfDue(record: QueryRecord, isHeld: boolean, moment: Moment): Change {
  const { due, heldSinceMs } = record;
  const { nowMs } = moment;
  if (!due) return [record];
  const isReleased = heldSinceMs !== undefined && !isHeld;
  // Timers are a little early at times. Before the moment it was decided, the clock was set back.
  if (!isReleased && due.atMs > nowMs && due.setAtMs <= nowMs) return [record];
  if (isHeld && heldSinceMs === undefined) {
    return dueIn(MAX_HOLD_MS, { ...record, heldSinceMs: nowMs }, moment);
  }
  const window = { startMs: nowMs, lengthMs: nextLengthMs(record, moment) };
  return [{ ...record, due: undefined, heldSinceMs: undefined, window }, 'refetch'];
}

/** How long a change has still to wait because another one was fetched just now. */
function windowLeftMs({ window }: QueryRecord, { nowMs }: Moment): number {
  // One that begins in the future is of a clock that was set back.
  if (!window || window.startMs > nowMs) return 0;
  return Math.max(0, window.startMs + window.lengthMs - nowMs);
}

/** Longer when the last window has just ended, as short as the first after a while of quiet. */
function nextLengthMs({ window }: QueryRecord, { nowMs }: Moment): number {
  const isBusy = window && window.startMs <= nowMs && nowMs < window.startMs + 2 * window.lengthMs;
  return isBusy ? Math.min(2 * window.lengthMs, MAX_WINDOW_MS) : FIRST_WINDOW_MS;
}
