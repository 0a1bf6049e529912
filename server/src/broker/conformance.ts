import { afterEach, beforeEach, describe } from 'vitest';
import { appendConformance } from './conformance/append.js';
import { deliveryConformance } from './conformance/delivery.js';
import type { BrokerUnderTest, MakeBroker } from './conformance/harness.js';
import { lifecycleConformance } from './conformance/lifecycle.js';
import { modelConformance } from './conformance/model.js';
import { openRoomsConformance } from './conformance/open-rooms.js';
import { readConformance } from './conformance/read.js';

/**
 * Defines the tests every broker must pass, with vitest: each gets a broker of its own from `makeBroker`.
 *
 * @example
 * brokerConformance('memory broker', () => {
 *   let now = Date.now();
 *   const broker = createMemoryBroker({ clock: () => now });
 *   return { broker, advance: (elapsedMs) => { now += elapsedMs; }, close: () => broker.close() };
 * });
 */
export function brokerConformance(name: string, makeBroker: MakeBroker): void {
  describe(name, () => {
    let current: BrokerUnderTest | undefined;

    beforeEach(async () => {
      current = await makeBroker();
    });

    afterEach(async () => {
      await current?.close();
      current = undefined;
    });

    function use(): BrokerUnderTest {
      if (!current) throw new Error('a broker exists only while a test runs');
      return current;
    }

    describe('append', () => appendConformance(use));
    describe('read', () => readConformance(use));
    describe('delivery', () => deliveryConformance(use));
    describe('open rooms', () => openRoomsConformance(use));
    describe('lifecycle', () => lifecycleConformance(use));
    describe('any history', () => modelConformance(use));
  });
}
