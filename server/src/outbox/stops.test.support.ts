import type { RelayOptions } from './relay-options.js';
import { createGate } from './shop-fixture.test.support.js';

/** Points of a pass, in the order in which a relay comes by. */
export const POINTS = ['claimed', 'evicting', 'evicted', 'half published', 'published', 'written down'] as const;

/**
 * `claimed`: its signals are asked. `evicting`: nothing is evicted yet. `evicted`: nothing is published yet. `half
 * published`: the broker has acknowledged the first envelope of the pass, and was not asked for any other. `published`: it
 * has acknowledged all of them, and nothing is written down. `written down`: the database has answered.
 */
export type Point = (typeof POINTS)[number];

/** What a relay works with. */
type Parts = Pick<RelayOptions, 'pool' | 'signals' | 'cache' | 'publisher'>;

/** A relay that stands still at one point. */
export interface Stops {
  /** The same parts, with the point between them. */
  around(parts: Parts): Parts;
  goOn(): void;
}

/** In the statement that writes down what became of rows. */
const MARK = 'jsonb_to_recordset';

/** Stands still the `nth` time (from 1) that it comes by, and calls `reached` then. Without a point: never. */
export function createStops(point: Point | undefined, nth: number, reached: () => void): Stops {
  const gate = createGate();
  let visits = 0;

  async function pass(by: Point): Promise<void> {
    if (by !== point) return;
    visits += 1;
    if (visits !== nth) return;
    reached();
    await gate.enter();
  }

  return {
    goOn: gate.open,
    around({ pool, signals, cache, publisher }) {
      /** The first envelope since the last eviction. */
      let first: Promise<unknown> | undefined;
      return {
        signals: Object.fromEntries(
          Object.entries(signals).map(([source, signal]) => [
            source,
            async (...args: Parameters<typeof signal>) => {
              await pass('claimed');
              return signal(...args);
            },
          ]),
        ),
        cache: {
          life: cache.life,
          async evict(owners) {
            first = undefined;
            await pass('evicting');
            const life = await cache.evict(owners);
            await pass('evicted');
            return life;
          },
        },
        publisher: {
          async invalidate(...args) {
            if (first === undefined) {
              const answer = publisher.invalidate(...args);
              first = answer;
              return answer;
            }
            await first;
            await pass('half published');
            return publisher.invalidate(...args);
          },
        },
        pool: {
          async query(text, params) {
            if (!text.includes(MARK)) return pool.query(text, params);
            await pass('published');
            const answer = await pool.query(text, params);
            await pass('written down');
            return answer;
          },
        },
      };
    },
  };
}
