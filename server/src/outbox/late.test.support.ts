import { expect, test } from 'vitest';
import { useShop } from './shop-fixture.test.support.js';
import type { OpenTestDatabase } from './test-database.test.support.js';

/** What clients are told about rows that an outage held up, on every database. */
export function lateConformance(open: OpenTestDatabase): void {
  const fixture = useShop(open);

  /** By room, over which time the refetches of what was asked for since the last call are spread. */
  function spreads(): [string | undefined, number | undefined][] {
    return fixture.shop.asked.splice(0).map(({ rooms, spreadMs }) => [rooms[0], spreadMs]);
  }

  test('a row that waited for the broker is spread, one on time is not', async () => {
    const { shop, db } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    shop.brokerDown = true;
    const relay = shop.relay({ broker: shop.broker });
    await relay.start();
    await relay.settled();
    spreads();
    await db.exec('INSERT INTO orders VALUES (2, 2)');
    shop.reviveBroker();
    await relay.settled();
    expect(spreads()).toEqual([
      ['customer:1', 2_000],
      ['customer:2', undefined],
    ]);
  });

  test('what is published once more after the cache was away is spread, the first time it was not', async () => {
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    shop.cacheDown = true;
    await work();
    expect(spreads()).toEqual([['customer:1', undefined]]);
    shop.cacheDown = false;
    shop.now += 250;
    await work();
    expect(spreads()).toEqual([['customer:1', 2_000]]);
  });

  test.each([
    ['met an outage is spread', { code: '57P01' }, 2_000],
    ['failed by itself is not', {}, undefined],
  ])('a row whose signal %s', async (_, fields, spreadMs) => {
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const error = Object.assign(new Error('failed'), fields);
    await work({ signals: { orders: () => Promise.reject(error) } });
    shop.now += 500;
    await work();
    expect(spreads()).toEqual([['customer:1', spreadMs]]);
  });

  test('what is published again to another broker is spread, the change that shows it is not', async () => {
    const { shop, db } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const relay = shop.relay();
    await relay.start();
    await relay.settled();
    await shop.replaceBroker();
    await db.exec('INSERT INTO orders VALUES (2, 2)');
    await relay.settled();
    expect(spreads()).toEqual([
      ['customer:1', undefined],
      ['customer:2', undefined],
      ['customer:1', 2_000],
    ]);
  });

  test('a late row stays late when its relay vanishes and another one takes it over', async () => {
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    shop.brokerDown = true;
    await work();
    shop.brokerDown = false;
    shop.now += 250;
    const gate = fixture.gate();
    let vanished = false;
    const vanishing = shop.relay({
      publisher: { invalidate: () => gate.enter().then(() => Promise.reject(new Error('gone'))) },
      pool: {
        query: (text, params) => (vanished ? Promise.reject(new Error('gone')) : db.pool.query(text, params)),
      },
    });
    await vanishing.start();
    await gate.reached;
    vanished = true;
    spreads();
    shop.now += 5_000;
    await work();
    expect(spreads()).toEqual([['customer:1', 2_000]]);
    gate.open();
    await vanishing.close();
  });

  test('a late row whose signal then fails by itself stays late', async () => {
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    shop.brokerDown = true;
    await work();
    shop.brokerDown = false;
    spreads();
    shop.now += 250;
    await work({ signals: { orders: () => Promise.reject(new Error('failed')) } });
    expect(spreads()).toEqual([]);
    shop.now += 500;
    await work();
    expect(spreads()).toEqual([['customer:1', 2_000]]);
  });

  test('of the rows of one transaction, one that is late makes the envelope of its room late', async () => {
    const { shop, db, work } = fixture;
    await db.exec('BEGIN; INSERT INTO orders VALUES (1, 1); INSERT INTO lines VALUES (1, 1), (2, 2); COMMIT');
    await db.exec("UPDATE public.querycast_outbox SET late = true WHERE source = 'orders'");
    await work();
    expect(shop.heard).toHaveLength(2);
    expect(spreads()).toEqual([
      ['customer:1', 2_000],
      ['customer:2', undefined],
    ]);
  });

  test.each([
    [300_000, 300_000],
    [0, undefined],
  ])('a spread of %i ms is asked for as %s', async (lateSpreadMs, spreadMs) => {
    const { db, shop, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await db.exec('UPDATE public.querycast_outbox SET late = true');
    await work({ lateSpreadMs });
    expect(spreads()).toEqual([['customer:1', spreadMs]]);
    expect(shop.heard).toHaveLength(1);
  });

  test.each([-1, 0.5, 300_001, Number.NaN])('a relay with a spread of %d ms is refused', (lateSpreadMs) => {
    expect(() => fixture.shop.relay({ lateSpreadMs })).toThrow(RangeError);
  });
}
