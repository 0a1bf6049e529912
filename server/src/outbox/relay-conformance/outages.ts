import { expect, test, vi } from 'vitest';
import { SIGNALS } from '../outbox.test.support.js';
import type { ShopFixture } from '../shop-fixture.test.support.js';
import type { SqlPool } from '../sql-pool.js';

/** What a relay does while the broker, the cache or the database is away. */
export function outagesConformance(fixture: ShopFixture): void {
  test('while the broker is away caches are evicted all the same, and rows are kept for ever', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    shop.brokerDown = true;
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await work();
      shop.now += 2_000;
    }
    expect(shop.evicted).toHaveLength(20);
    expect(await rows()).toMatchObject([{ attempts: 0, set_aside_at: null, published_at: null }]);
    shop.brokerDown = false;
    await work();
    expect(shop.heard).toHaveLength(1);
  });

  test('failures of the broker in a row are waited for longer and longer, up to two seconds', async () => {
    const { shop, db } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    shop.brokerDown = true;
    const relay = shop.relay();
    await relay.start();
    await relay.settled();
    for (const waitMs of [250, 500, 1_000, 2_000, 2_000]) {
      const before = shop.asked.length;
      shop.now += waitMs - 1;
      await relay.settled();
      expect(shop.asked).toHaveLength(before);
      shop.now += 1;
      await relay.settled();
      expect(shop.asked).toHaveLength(before + 1);
    }
  });

  test('when the eviction fails it is published at once, and evicted and published again later', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    shop.cacheDown = true;
    await work();
    expect(shop.heard).toHaveLength(1);
    shop.now += 250;
    await work();
    expect(shop.heard).toHaveLength(1);
    expect(await rows()).toMatchObject([{ attempts: 0, published_at: null }]);
    shop.cacheDown = false;
    shop.now += 250;
    await work();
    expect(shop.evicted).toEqual(['shop:1']);
    // Who read between the two frames may have got what the cache still held.
    expect(shop.heard).toHaveLength(2);
    expect(await rows()).toMatchObject([{ published_at: expect.any(Date) }]);
  });

  test('what waited for the broker leaves as soon as it is back; what waits for its signal goes on waiting', async () => {
    const { shop, db, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await db.exec('INSERT INTO lines VALUES (1, 2)');
    shop.brokerDown = true;
    const lines = () => Promise.reject(new Error('no such column'));
    const relay = shop.relay({ broker: shop.broker, signals: { ...SIGNALS, lines } });
    await relay.start();
    await relay.settled();
    expect(shop.heard).toEqual([]);
    shop.reviveBroker();
    await relay.settled();
    expect(shop.heard.map(({ room }) => room)).toEqual(['customer:1']);
    expect((await rows()).map((row) => row['attempts'])).toEqual([0, 1]);
  });

  test('a database that is away is looked for again at the next poll', async () => {
    const { shop, db } = fixture;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      let away = true;
      const pool: SqlPool = {
        query: (text, params) => (away ? Promise.reject(new Error('connection refused')) : db.pool.query(text, params)),
      };
      await db.exec('INSERT INTO orders VALUES (1, 1)');
      const listen = vi.fn(() => (away ? Promise.reject(new Error('connection refused')) : Promise.resolve(() => {})));
      const relay = shop.relay({ pool, listen, pollMs: 1_000 });
      await relay.start();
      const settled = relay.settled();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(shop.heard).toEqual([]);
      away = false;
      await vi.advanceTimersByTimeAsync(1_000);
      await settled;
      expect(shop.heard).toHaveLength(1);
      const attempts = listen.mock.calls.length;
      await vi.advanceTimersByTimeAsync(5_000);
      expect(listen).toHaveBeenCalledTimes(attempts);
      expect(shop.counts.get('relay_errors_total claim')).toBeGreaterThan(0);
      await relay.close();
    } finally {
      vi.useRealTimers();
    }
  });
}
