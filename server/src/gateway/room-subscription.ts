import type { Envelope, Room } from '@querycast/protocol';
import type { Broker, Unsubscribe } from '../broker/broker.js';

/** One room's subscription at the broker, through all the orders in which start and end can cross. */
export interface RoomSubscription {
  /** Subscribes, after `previous` is gone. Rejects as the broker does; may be called again then. */
  start(): Promise<void>;
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
  let starting: Promise<Unsubscribe> | undefined;
  return {
    async start() {
      await previous;
      if (ended) return;
      starting = broker.subscribe(room, (envelope) => {
        if (!ended) deliver(envelope);
      });
      await starting;
    },
    async end() {
      ended = true;
      const unsubscribe = await starting?.catch(() => undefined); // A failed start left nothing to end; its caller was told.
      await unsubscribe?.();
    },
  };
}
