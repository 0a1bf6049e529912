import type { Envelope, Position, Room, Row } from '@querycast/protocol';
import type { LogRead } from '../broker/broker.js';
import { type FlushWindow, quietWindow } from './flush-window.js';
import type { Frame, Pending } from './pending-frame.js';

/** A session that waits for its row. */
export interface Waiter {
  readonly session: string;
  /** Tells this join of the session from an earlier one, whose answer may still be on its way. */
  readonly join: number;
  /** The position the client resumes from. */
  readonly since?: Position;
}

/** One open room of a node: how far its sequence was heard, and what waits to be sent. */
export interface RoomState {
  readonly room: Room;
  readonly subscription: 'opening' | 'open' | 'failed';
  /** Everything up to here was sent or is pending; unknown until the log was read once. */
  readonly head: Position | undefined;
  /** Whether the log is being read because of a hole, or must be once the broker answers again. */
  readonly repair: 'none' | 'reading' | 'failed';
  /** The repair under way is not enough: read once more after it. */
  readonly repairAgain: boolean;
  /** Envelopes that arrived while the head was unknown or a repair under way. */
  readonly queue: readonly Envelope[];
  /** How many of them were there before the repair's read began. */
  readonly queuedBeforeRead: number;
  /** The largest spread that envelopes asked for which the queue could not hold, in milliseconds. */
  readonly spreadOfDropped: number;
  readonly pending: Pending | undefined;
  readonly window: FlushWindow;
  /**
   * How many reads of rows are under way. Who comes meanwhile waits for the next ones: a read that began before a session
   * came may lack what was published since, and what waits together is read together.
   */
  readonly rowReads: number;
  /** Sessions whose row is not being read yet. */
  readonly waiting: readonly Waiter[];
  /** When to try the broker again, in milliseconds of the clock. */
  readonly retryAt: number | undefined;
  /** Failures in a row; decides how long to wait. */
  readonly failures: number;
  /** The log was ahead of the head: by `at`, in milliseconds of the clock, whatever was on its way has been heard. */
  readonly suspicion: { readonly position: Position; readonly at: number } | undefined;
  /** How far the log was when the sweep asked for the repair under way; `undefined` when somebody else did. */
  readonly sweptTo: Position | undefined;
  /** Whether many rooms are being read because the broker was away: their clients must not refetch all at once. */
  readonly isSpread: boolean;
  readonly settings: RoomSettings;
}

/** A room within a step. */
export type Draft = { -readonly [Field in keyof RoomState]: RoomState[Field] };

/** What is the same for all rooms of a node. */
export interface RoomSettings {
  /** Whether frames carry the publisher's `reason`. */
  readonly exposeReason: boolean;
  /** Over how many milliseconds clients spread refetches that the broker's return causes; 0: not at all. */
  readonly resyncSpreadMs: number;
}

/** What happens to a room. */
export type RoomEvent =
  | { readonly type: 'join'; readonly waiter: Waiter }
  | { readonly type: 'leave'; readonly waiter: Waiter }
  | { readonly type: 'subscribed' }
  | { readonly type: 'subscribe_failed' }
  | { readonly type: 'row_read'; readonly waiters: readonly Waiter[]; readonly read: LogRead }
  /** `waiters`: those that still wait, which have neither left the room nor joined it anew. */
  | { readonly type: 'row_read_failed'; readonly waiters: readonly Waiter[] }
  | { readonly type: 'envelope'; readonly envelope: Envelope }
  /**
   * `at` is wall-clock time, for frames that have no envelope to take it from; `isEverywhere` while the broker is away or
   * has come back without this room having been told: what is found then, all rooms find.
   */
  | { readonly type: 'repair_read'; readonly read: LogRead; readonly at: number; readonly isEverywhere: boolean }
  | { readonly type: 'repair_failed' }
  /** The sweep read the position that the log has. */
  | { readonly type: 'swept'; readonly position: Position }
  /** The broker is reachable again: what happened meanwhile is unknown. */
  | { readonly type: 'broker_back' }
  | { readonly type: 'wake' };

/** What a room wants done. */
export type RoomEffect =
  | { readonly type: 'subscribe' }
  /** End the subscription and start another one. */
  | { readonly type: 'resubscribe' }
  /** One row for all of them, who resume from the same position. */
  | { readonly type: 'read_row'; readonly since: Position | undefined; readonly waiters: readonly Waiter[] }
  | { readonly type: 'read_repair'; readonly since: Position }
  /** Give this row to the session. */
  | { readonly type: 'row'; readonly waiter: Waiter; readonly row: Row }
  /** The row will be late: the broker does not answer. */
  | { readonly type: 'delayed'; readonly waiter: Waiter }
  /** Send to everyone in the room. */
  | { readonly type: 'emit'; readonly frame: Frame; readonly merged: number }
  | { readonly type: 'repaired'; readonly result: 'recovered' | 'resync' }
  /** What the sweep found here: everything had been heard, or came late, or how the difference was repaired. */
  | { readonly type: 'swept'; readonly result: 'same' | 'recovered' | 'resync' };

/** A room nobody is in yet, and the subscription it needs. */
export function openRoom(room: Room, settings: RoomSettings): [RoomState, RoomEffect[]] {
  const state: RoomState = {
    room,
    subscription: 'opening',
    head: undefined,
    repair: 'none',
    repairAgain: false,
    queue: [],
    queuedBeforeRead: 0,
    spreadOfDropped: 0,
    pending: undefined,
    window: quietWindow,
    rowReads: 0,
    waiting: [],
    retryAt: undefined,
    failures: 0,
    suspicion: undefined,
    sweptTo: undefined,
    isSpread: false,
    settings,
  };
  return [state, [{ type: 'subscribe' }]];
}

/** When the room wants its next `wake`, in milliseconds of the clock; `undefined` when nothing waits. */
export function wakeAt(state: RoomState): number | undefined {
  const times = [state.retryAt, state.suspicion?.at, state.pending ? state.window.until : undefined].filter(
    (time) => time !== undefined,
  );
  return times.length > 0 ? Math.min(...times) : undefined;
}
