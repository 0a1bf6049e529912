import { type AckCode, decodeSubscribeAck, type Position, type Room, type Row } from '@querycast/protocol';
import type { Connector } from './connector.js';
import { type Pace, persist } from './persist.js';

/** Options of {@link createSubscriptions}. */
export interface SubscriptionsOptions extends Pace {
  readonly request: Connector['request'];
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
  /** How to call off what is under way. */
  const pending = new Map<Room, () => void>();

  function ask(room: Room): () => void {
    let position: Position | undefined;
    const send = () => {
      position = options.positionOf(room);
      return options.request('subscribe', { room, position });
    };
    return persist(options, send, (answer) => {
      const ack = decodeSubscribeAck(answer);
      if (!ack || (!ack.ok && RETRYABLE.includes(ack.code))) return false;
      pending.delete(room);
      if (ack.ok) options.onRow(ack, position);
      else options.onRefused(room, ack.code, ack.message);
      return true;
    });
  }

  function drop(room: Room): void {
    pending.get(room)?.();
    pending.delete(room);
  }

  return {
    ask: (room) => {
      if (!pending.has(room)) pending.set(room, ask(room));
    },
    drop,
    reset: () => [...pending.keys()].forEach(drop),
  };
}
