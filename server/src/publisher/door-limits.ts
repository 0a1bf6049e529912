import { MAX_ROOMS_PER_PUBLISH } from '@querycast/protocol';
import { MAX_PUBLISH_BYTES } from './publish-size.js';

/** Why a message is refused unread. */
export type Excess = 'too_large' | 'rate_limited' | 'overloaded';

/** How much a door takes that answers nobody, and so can slow nobody down. */
export interface DoorLimits {
  /** Whether a message of so many bytes is to be read; else why not. */
  excess(bytes: number): Excess | undefined;
  /** Notes that appends to so many rooms begin; answers how to note that they have ended. */
  begin(rooms: number): () => void;
}

const SECOND_MS = 1_000;

/** What four of the largest messages have: reading as much takes some 40 ms of each second. */
const MAX_BYTES_PER_SECOND = 4 * MAX_PUBLISH_BYTES;

/** Appends of this door that wait or are under way, before it reads no more: all other doors wait in the same queue. */
const MAX_ROOMS_UNDER_WAY = 4 * MAX_ROOMS_PER_PUBLISH;

/** Creates the limits of one door. `clock` answers milliseconds that never go back. */
export function createDoorLimits(maxPerSecond: number, clock: () => number = () => performance.now()): DoorLimits {
  let since = Number.NEGATIVE_INFINITY;
  let messages = 0;
  let bytesRead = 0;
  let roomsUnderWay = 0;

  return {
    excess(bytes) {
      const now = clock();
      if (now - since >= SECOND_MS) [since, messages, bytesRead] = [now, 0, 0];
      if (bytes > MAX_PUBLISH_BYTES) return 'too_large';
      if (messages >= maxPerSecond || bytesRead + bytes > MAX_BYTES_PER_SECOND) return 'rate_limited';
      if (roomsUnderWay >= MAX_ROOMS_UNDER_WAY) return 'overloaded';
      messages += 1;
      bytesRead += bytes;
      return undefined;
    },
    begin(rooms) {
      roomsUnderWay += rooms;
      return () => {
        roomsUnderWay -= rooms;
      };
    },
  };
}
