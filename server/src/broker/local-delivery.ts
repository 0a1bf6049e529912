import type { Envelope, Room } from '@querycast/protocol';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';

/** Hands envelopes to the subscribers of their room inside this process. */
export interface LocalDelivery {
  /** Adds a subscriber; nothing sent before reaches it. Returns its unsubscribe, after which it is not called again. */
  subscribe(room: Room, deliver: (envelope: Envelope) => void): () => void;
  /** Queues an envelope for those subscribed now. Never calls a subscriber before it returns. */
  send(envelope: Envelope): void;
  /** Whether anybody subscribes to the room. */
  isOpen(room: Room): boolean;
  /** Drops every subscriber and what is queued. */
  close(): void;
}

interface Subscriber {
  readonly deliver: (envelope: Envelope) => void;
}

/** Creates an empty delivery. A subscriber that throws is logged and counted; it keeps its subscription. */
export function createLocalDelivery(options: { readonly logger: Logger; readonly metrics: Metrics }): LocalDelivery {
  const { logger, metrics } = options;
  const rooms = new Map<Room, Set<Subscriber>>();
  let queue: { readonly envelope: Envelope; readonly subscriber: Subscriber }[] = [];

  function handOver(envelope: Envelope, subscriber: Subscriber): void {
    if (!rooms.get(envelope.room)?.has(subscriber)) return;
    try {
      subscriber.deliver(envelope);
    } catch (error) {
      // One subscriber's fault must not cost the others their envelope; the hole is its own to repair from the log.
      metrics.count('broker_deliver_errors_total');
      logger.error({ room: envelope.room, position: envelope.position, error }, 'broker subscriber threw');
    }
  }

  /** What subscribers cause to be sent waits for the next turn, so that deliveries are never nested. */
  function flush(): void {
    const batch = queue;
    queue = [];
    for (const { envelope, subscriber } of batch) handOver(envelope, subscriber);
  }

  return {
    subscribe(room, deliver) {
      const subscriber: Subscriber = { deliver };
      const subscribers = rooms.get(room) ?? new Set();
      rooms.set(room, subscribers.add(subscriber));
      return () => {
        const present = rooms.get(room);
        if (present?.delete(subscriber) && present.size === 0) rooms.delete(room);
      };
    },
    send(envelope) {
      const subscribers = rooms.get(envelope.room);
      if (!subscribers) return;
      if (queue.length === 0) queueMicrotask(flush);
      for (const subscriber of subscribers) queue.push({ envelope, subscriber });
    },
    isOpen: (room) => rooms.has(room),
    close() {
      rooms.clear();
      queue = [];
    },
  };
}
