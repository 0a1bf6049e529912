import type { DemoTrail } from '@querycast/platform-protocol';
import type { Room } from '@querycast/protocol';
import type { PublishedPush, Signal, Signals } from '@querycast/server/postgres';
import { MAX_TOLD } from './trail-schema.js';
import { createTravelBook } from './travel-book.js';

/** Watches this node's relay and tells what it made travel. */
export interface Trail {
  /** The same signals, listened to. */
  watch(signals: Signals): Signals;
  /** Takes notice of what was just published. */
  published(pushes: readonly PublishedPush[]): void;
}

/** Settings of {@link createTrail}. */
export interface TrailOptions {
  /** Nothing is told of any other room. */
  readonly rooms: ReadonlySet<Room>;
  /** Hears of every pass of the relay that published something to these rooms. */
  readonly tell: (trail: DemoTrail) => void;
}

/** Creates the trail. It asks nobody anything: nothing is slower for being watched. */
export function createTrail({ rooms, tell }: TrailOptions): Trail {
  const book = createTravelBook(rooms);

  function noted(signal: Signal): Signal {
    return async (changes, pool) => {
      const stale = await signal(changes, pool);
      book.note(changes, stale);
      return stale;
    };
  }

  return {
    watch: (signals) => Object.fromEntries(Object.entries(signals).map(([source, each]) => [source, noted(each)])),
    published(pushes) {
      const travelled = book.publish(pushes);
      if (travelled.length === 0) return;
      const told = travelled.slice(-MAX_TOLD);
      const travels = told.map((travel) => ({ ...travel, publishedAfterMs: travel.ageMs }));
      tell({ travels, more: travelled.length - told.length });
    },
  };
}
