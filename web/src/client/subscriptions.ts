import { type AckCode, decodeSubscribeAck, type Position, type Room, type Row } from '@querycast/protocol';
import type { Connector } from './connector.js';
import { type Pace, persist } from './persist.js';

/** Asks for the rows of rooms over the present connection, one request in flight per room. */
export interface Subscriptions {
  /** Asks for a room's row; without effect while a request for it is under way or waits for its next try. */
  ask(room: Room): void;
  /** Forgets a room. */
  drop(room: Room): void;
  /** Forgets everything: the connection is over, and the next one brings rows anew. */
  reset(): void;
}

/**
 * Sends `subscribe` and tries again when that can help. `positionOf` is the position to ask from, read when the request is
 * sent; `onRefused` hears of a room that the gateway will not give.
 */
export function createSubscriptions(
  pace: Pace,
  request: Connector['request'],
  positionOf: (room: Room) => Position | undefined,
  onRow: (row: Row, sent: Position | undefined) => void,
  onRefused: (room: Room, code: AckCode, message: string) => void,
): Subscriptions {
  /** How to call off what is under way. */
  const pending = new Map<Room, () => void>();

  function send(room: Room): () => void {
    let position: Position | undefined;
    const ask = () => {
      position = positionOf(room);
      return request('subscribe', { room, position });
    };
    return persist(pace, ask, (answer) => {
      const ack = decodeSubscribeAck(answer);
      if (!ack || (!ack.ok && (ack.code === 'rate_limited' || ack.code === 'broker_unavailable'))) return false;
      pending.delete(room);
      if (ack.ok) onRow(ack, position);
      else onRefused(room, ack.code, ack.message);
      return true;
    });
  }

  function drop(room: Room): void {
    pending.get(room)?.();
    pending.delete(room);
  }

  return {
    ask: (room) => {
      if (!pending.has(room)) pending.set(room, send(room));
    },
    drop,
    reset: () => [...pending.keys()].forEach(drop),
  };
}
