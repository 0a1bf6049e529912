import type { Envelope, Room } from '@querycast/protocol';
import type { Broker, Unsubscribe } from '../broker/broker.js';

/** One room's subscription at the broker, through all the orders in which start and end can cross. */
export interface RoomSubscription {
  /** Subscribes, after `previous` is gone. Rejects as the broker does; may be called again then. */
  start(): Promise<void>;
  /** Ends a subscription that stands, but may not be what the broker still knows of, and starts another one. Rejects as `start`. */
  renew(): Promise<void>;
  /** Ends it, now or as soon as a start under way is done; nothing is delivered any more. */
  end(): Promise<void>;
}

/** Creates the subscription without starting it. */
export function subscribeRoom(
  broker: Broker,
  room: Room,
  previous: Promise<void> | undefined,
  deliver: (envelope: Envelope) => void,
): RoomSubscription {
  let ended = false;
  let before = previous;
  let starting: Promise<Unsubscribe> | undefined;

  async function start(): Promise<void> {
    await before;
    if (ended) return;
    starting = broker.subscribe(room, (envelope) => {
      if (!ended) deliver(envelope);
    });
    await starting;
  }

  async function leave(): Promise<void> {
    const left = starting;
    starting = undefined;
    const unsubscribe = await left?.catch(() => undefined); // A failed start left nothing to end; its caller was told.
    await unsubscribe?.();
  }

  return {
    start,
    renew() {
      before = leave();
      return start();
    },
    async end() {
      ended = true;
      await before;
      await leave();
    },
  };
}
