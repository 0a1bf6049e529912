import type { Publisher } from '@querycast/server';
import { keyOf, READS, roomOf } from './rooms.js';

/** What to publish. */
export interface Traffic {
  readonly publisher: Publisher;
  readonly rooms: number;
  readonly invalidations: number;
  /** Whether each has an `id`, as those of the outbox do. */
  readonly ids: boolean;
}

const CONCURRENT = 500;

let lastId = 0;

/** Publishes invalidations to all rooms in turn, each of one of the room's reads in turn. Rejects as the publisher does. */
export async function publish({ publisher, rooms, invalidations, ids }: Traffic): Promise<void> {
  for (let start = 0; start < invalidations; start += CONCURRENT) {
    const numbers = Array.from({ length: Math.min(CONCURRENT, invalidations - start) }, (_, index) => start + index);
    await Promise.all(
      numbers.map((number) => {
        const room = number % rooms;
        const key = keyOf(room, Math.floor(number / rooms) % READS);
        lastId += 1;
        return publisher.invalidate({ rooms: [roomOf(room)], keys: [key], ...(ids ? { id: `change-${lastId}` } : {}) });
      }),
    );
  }
}
