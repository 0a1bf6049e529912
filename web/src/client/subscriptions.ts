import { type AckCode, decodeSubscribeAck, type Position, type Room, type Row } from '@querycast/protocol';
import { backoffMs } from './backoff.js';
import type { Connector } from './connector.js';
import type { Timers } from './timers.js';

/** Options of {@link createSubscriptions}. */
export interface SubscriptionsOptions {
  readonly request: Connector['request'];
  readonly timers: Timers;
  readonly random: () => number;
  /** The position to ask from, read when the request is sent. */
  readonly positionOf: (room: Room) => Position | undefined;
  readonly onRow: (row: Row, sent: Position | undefined) => void;
  /** The gateway will not give the room. */
  readonly onRefused: (room: Room, code: AckCode, message: string) => void;
}

/** Asks for the rows of rooms over the present connection, one request in flight per room. */
export interface Subscriptions {
  /** Asks for a room's row; without effect while a request for it is under way or waits for its next try. */
  ask(room: Room): void;
  /** Forgets a room. */
  drop(room: Room): void;
  /** Forgets everything: the connection is over, and the next one brings rows anew. */
  reset(): void;
}

const RETRYABLE: readonly AckCode[] = ['rate_limited', 'broker_unavailable'];

/** Sends `subscribe` and tries again when that can help. */
export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { timers, random } = options;
  const pending = new Map<Room, { cancel: () => void }>();

  function send(room: Room, failures: number): void {
    const position = options.positionOf(room);
    const attempt = { cancel: () => {} };
    pending.set(room, attempt);
    const isCurrent = () => pending.get(room) === attempt;
    const retry = () => {
      attempt.cancel = timers.after(backoffMs(failures, random()), () => send(room, failures + 1));
    };
    options.request('subscribe', position === undefined ? { room } : { room, position }).then(
      (answer) => {
        if (!isCurrent()) return;
        const ack = decodeSubscribeAck(answer);
        if (!ack || (!ack.ok && RETRYABLE.includes(ack.code))) {
          retry();
          return;
        }
        pending.delete(room);
        if (ack.ok) options.onRow(ack, position);
        else options.onRefused(room, ack.code, ack.message);
      },
      // No answer in time, or none any more: in the latter case the reset that follows makes this try the last.
      () => {
        if (isCurrent()) retry();
      },
    );
  }

  function drop(room: Room): void {
    pending.get(room)?.cancel();
    pending.delete(room);
  }

  return {
    ask: (room) => {
      if (!pending.has(room)) send(room, 0);
    },
    drop,
    reset: () => {
      for (const room of [...pending.keys()]) drop(room);
    },
  };
}
