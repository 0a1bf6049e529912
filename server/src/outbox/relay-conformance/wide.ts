import { expect, test, vi } from 'vitest';
import type { RelayOptions } from '../relay.js';
import type { Gate, ShopFixture } from '../shop-fixture.test.support.js';

/** In the statement that writes down what became of rows. */
const MARK = 'jsonb_to_recordset';
const FIRST = 1_001;
const LAST = 1_101;
const ALL = LAST - FIRST + 1;

/** How what concerns many rooms at once leaves: spread, so that it is no storm of refetches, and in nobody's way. */
export function wideConformance(fixture: ShopFixture): void {
  /** One transaction that concerns these customers. */
  function order(from: number, to = from): Promise<unknown> {
    return fixture.db.exec(`INSERT INTO orders SELECT each, each FROM generate_series(${from}, ${to}) AS each`);
  }

  /** The customers of which the publisher was asked to tell, without those of the transaction that concerns many. */
  function others(): number[] {
    const customers = fixture.shop.asked.map(({ rooms }) => Number(rooms[0]?.split(':')[1]));
    return customers.filter((customer) => customer < FIRST || customer > LAST);
  }

  /** Over which times refetches are spread, in the order in which they were asked for, and how many envelopes say so. */
  function spreads(): [number | undefined, number][] {
    const found: [number | undefined, number][] = [];
    for (const { spreadMs } of fixture.shop.asked.splice(0)) {
      const last = found.at(-1);
      if (last?.[0] === spreadMs && last) last[1] += 1;
      else found.push([spreadMs, 1]);
    }
    return found;
  }

  /** A publisher that stands still at a gate after so many envelopes to one of many rooms. */
  function holding(gate: Gate, after = 0): Pick<RelayOptions, 'publisher'> {
    let passed = 0;
    return {
      publisher: {
        async invalidate(invalidation, options) {
          if (invalidation.spreadMs !== undefined) passed += 1;
          if (invalidation.spreadMs !== undefined && passed > after) await gate.enter();
          return fixture.shop.publisher.invalidate(invalidation, options);
        },
      },
    };
  }

  test('a transaction that concerns more than 100 rooms is spread over time for all of them, smaller ones are not', async () => {
    await order(1, 101);
    await order(1_001, 1_100);
    await order(2_001);
    await fixture.work();
    expect(spreads()).toEqual([
      [undefined, 101],
      [403, 101],
    ]);
  });

  test('how many rooms refetch per second is the relay’s to say', async () => {
    await order(1, 150);
    await fixture.work({ roomsPerSecond: 10 });
    expect(spreads()).toEqual([[30_000, 150]]);
  });

  test.each([
    [1, 202_000],
    [300, 2_000],
  ])('what is late as well is spread at %i rooms a second over %i ms', async (roomsPerSecond, spreadMs) => {
    await order(1, 101);
    await fixture.db.exec('UPDATE public.querycast_outbox SET late = true');
    await fixture.work({ roomsPerSecond });
    expect(spreads()).toEqual([[spreadMs, 101]]);
  });

  test.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('%d rooms a second are refused', (roomsPerSecond) => {
    expect(() => fixture.shop.relay({ roomsPerSecond })).toThrow(RangeError);
  });

  test('of transactions found together, one that concerns many rooms is evicted and published last', async () => {
    await order(FIRST, LAST);
    await order(1);
    const steps: string[] = [];
    await fixture.work({
      cache: {
        ...fixture.shop.cache,
        async evict(owners) {
          steps.push(`evict ${owners.length}`);
          return fixture.shop.cache.life();
        },
      },
      publisher: {
        invalidate(invalidation) {
          steps.push('publish');
          return fixture.shop.publisher.invalidate(invalidation);
        },
      },
    });
    expect(steps.slice(0, 4)).toEqual(['evict 1', 'publish', `evict ${ALL}`, 'publish']);
    expect(others()).toEqual([1]);
    expect(fixture.shop.asked).toHaveLength(ALL + 1);
  });

  test('while it is being published, what comes after it leaves; who waits for the relay waits for both', async () => {
    const { shop } = fixture;
    const gate = fixture.gate();
    await order(FIRST, LAST);
    const relay = shop.relay(holding(gate));
    await relay.start();
    await gate.reached;
    await order(1);
    const settled = vi.fn();
    const settling = relay.settled().then(settled);
    await vi.waitUntil(() => others().length > 0);
    const closing = relay.close().then(settled);
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).not.toHaveBeenCalled();
    gate.open();
    await Promise.all([settling, closing]);
    expect(shop.asked).toHaveLength(ALL + 1);
    expect((await fixture.rows()).every((row) => row['published_at'] !== null)).toBe(true);
  });

  test('two of them leave one after the other, and a small one beside them', async () => {
    const { shop } = fixture;
    const gate = fixture.gate();
    await order(FIRST, LAST);
    await order(2_001, 2_101);
    await order(1);
    const relay = shop.relay({ ...holding(gate, 50), batchSize: 1 });
    await relay.start();
    await gate.reached;
    const settled = relay.settled();
    await vi.waitUntil(() => others().length > 0);
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(others()).toEqual([1]);
    expect(shop.asked).toHaveLength(51);
    gate.open();
    await settled;
    expect(others()).toHaveLength(102);
    expect(shop.asked).toHaveLength(ALL + 102);
  });

  test.each([
    ['half of its envelopes', (gate: Gate) => holding(gate, 50)],
    [
      'all of its envelopes, not yet written down',
      (gate: Gate): Partial<RelayOptions> => ({
        pool: {
          async query(text, params) {
            // Of all rows together: what else is written down goes on.
            if (text.includes(MARK) && String(params?.[2]).length > 50 * ALL) await gate.enter();
            return fixture.db.pool.query(text, params);
          },
        },
      }),
    ],
  ])(
    'a broker that is replaced after %s hears all of them again, although others were quicker to notice',
    async (_, held) => {
      const { shop } = fixture;
      const gate = fixture.gate();
      // Rooms that the shop listens to, among the first.
      await order(1, 101);
      const relay = shop.relay(held(gate));
      await relay.start();
      await gate.reached;
      await vi.waitUntil(() => shop.heard.length === 3);
      await shop.replaceBroker();
      shop.heard.length = 0;
      await order(2_001);
      relay.wake();
      await vi.waitUntil(() => shop.asked.some(({ rooms }) => rooms.includes('customer:2001')));
      for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      gate.open();
      await relay.settled();
      expect(shop.heard.map(({ room }) => room).sort()).toEqual(['customer:1', 'customer:2', 'customer:3']);
    },
  );

  test('a claim whose answer was lost meanwhile is given back without those rows, and they are published once', async () => {
    const { shop, db } = fixture;
    const gate = fixture.gate();
    let losing = false;
    const relay = shop.relay({
      ...holding(gate),
      pool: {
        async query(text, params) {
          const answer = await db.pool.query(text, params);
          if (!losing || !text.includes('first_rows')) return answer;
          losing = false;
          throw new Error('Connection terminated unexpectedly');
        },
      },
    });
    await order(FIRST, LAST);
    await relay.start();
    await gate.reached;
    losing = true;
    await order(1);
    relay.wake();
    await vi.waitUntil(() => !losing);
    relay.wake();
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    gate.open();
    await relay.settled();
    expect(shop.asked).toHaveLength(ALL + 1);
  });
}
