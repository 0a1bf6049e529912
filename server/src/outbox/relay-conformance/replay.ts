import { expect, test, vi } from 'vitest';
import { CacheEvictionError } from '../../cache/cache.js';
import { SIGNALS } from '../outbox.test.support.js';
import { poolThatFails, type ShopFixture } from '../shop-fixture.test.support.js';
import type { SqlPool } from '../sql-pool.js';

/** What another life of the broker is told of what the one before it had. */
export function replayConformance(fixture: ShopFixture): void {
  test('rows published under another incarnation of the broker are evicted and published again', async () => {
    const { shop, db } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await db.exec('INSERT INTO orders VALUES (2, 2)');
    const relay = shop.relay();
    await relay.start();
    await relay.settled();
    await shop.replaceBroker();
    shop.heard.length = 0;
    shop.evicted.length = 0;
    shop.now += 59_999;
    await db.exec('INSERT INTO orders VALUES (3, 3)');
    await relay.settled();
    expect(shop.heard.map(({ room }) => room)).toEqual(['customer:3', 'customer:1', 'customer:2']);
    expect(shop.evicted).toEqual(['shop:3', 'shop:1', 'shop:2']);
    expect(new Set(shop.asked.map(({ id }) => id)).size).toBe(5);
    await relay.settled();
    expect(shop.asked).toHaveLength(5);
  });

  test('a relay that starts after the broker was replaced publishes again what the one before it had', async () => {
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    await shop.replaceBroker();
    await db.exec('INSERT INTO orders VALUES (2, 2)');
    await work();
    expect(shop.heard.map(({ room }) => room)).toEqual(['customer:1', 'customer:2', 'customer:1']);
  });

  test('a broker that comes back as another one gets what the one before had, without any new change', async () => {
    const { shop, db } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const relays = [shop.relay({ broker: shop.broker }), shop.relay({ broker: shop.broker })];
    const settle = () => Promise.all(relays.map((relay) => relay.settled()));
    await Promise.all(relays.map((relay) => relay.start()));
    await settle();
    expect(shop.asked).toHaveLength(1);
    await shop.replaceBroker();
    shop.reviveBroker();
    // One relay may look before the other has made the row due again.
    await settle();
    await settle();
    expect(shop.heard).toHaveLength(2);
    for (let round = 0; round < 5; round += 1) {
      shop.reviveBroker();
      await settle();
    }
    expect(shop.asked).toHaveLength(2);
  });

  test('a life of the broker that was seen before gets what another one acknowledged in between', async () => {
    const { shop, db } = fixture;
    const relay = shop.relay({ broker: shop.broker });
    await relay.start();
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await relay.settled();
    const first = await shop.replaceBroker();
    await db.exec('INSERT INTO orders VALUES (2, 2)');
    await relay.settled();
    await relay.settled();
    await shop.replaceBroker(first);
    shop.reviveBroker();
    shop.heard.length = 0;
    await relay.settled();
    expect(shop.heard.map(({ room }) => room).sort()).toEqual(['customer:1', 'customer:2']);
  });

  test('a broker that returns while the database is away is not forgotten', async () => {
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    let away = false;
    const pool: SqlPool = {
      query: (text, params) => (away ? Promise.reject(new Error('connection refused')) : db.pool.query(text, params)),
    };
    const relay = shop.relay({ pool, broker: shop.broker });
    await relay.start();
    await relay.settled();
    await shop.replaceBroker();
    away = true;
    shop.reviveBroker();
    const settled = relay.settled();
    await vi.waitUntil(() => shop.counts.get('relay_errors_total replay'));
    away = false;
    relay.wake();
    await settled;
    expect(shop.heard).toHaveLength(2);
  });

  test('rows evicted in another life of the cache are evicted and published again, once; others are not', async () => {
    const { shop, db, work } = fixture;
    let life = 'old';
    const evicted: string[] = [];
    const cache = {
      async evict(owners: readonly string[]) {
        evicted.push(...owners);
        if (owners.includes('shop:2') && life === 'old') throw new CacheEvictionError(['shop:2'], { life });
        return life;
      },
      life: async () => life,
    };
    const signals = {
      ...SIGNALS,
      lines: async () => ({ evict: [], push: [{ room: 'customer:3' as const, keys: [['lines'] as const] }] }),
    };
    await db.exec(
      'INSERT INTO orders VALUES (1, 1); INSERT INTO orders VALUES (2, 2); INSERT INTO lines VALUES (1, 3)',
    );
    await work({ cache, signals });
    expect(evicted.sort()).toEqual(['shop:1', 'shop:2']);
    expect(shop.heard).toHaveLength(3);
    life = 'new';
    shop.now += 50_000;
    for (const list of [evicted, shop.heard]) list.length = 0;
    // The one was evicted in the old life, although not all of its pass could be; the other has yet to be.
    await work({ cache, signals });
    expect(evicted.sort()).toEqual(['shop:1', 'shop:2']);
    expect(shop.heard.map(({ room }) => room).sort()).toEqual(['customer:1', 'customer:2']);
    await work({ cache, signals });
    expect(shop.heard).toHaveLength(2);
  });

  test('what is published again is told again each time, although a relay with the old life of the cache took it over', async () => {
    const { shop, db, work } = fixture;
    const living = (present: string, evicting: string) => ({ life: async () => present, evict: async () => evicting });
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work({ cache: living('old', 'old') });
    await work({ cache: living('new', 'old') });
    expect(shop.heard).toHaveLength(2);
    await work({ cache: living('new', 'new') });
    expect(shop.heard).toHaveLength(3);
  });

  test('a cache that begins another life while the broker is away is evicted at once', async () => {
    const { shop, db, rows } = fixture;
    let life = 'old';
    const evicted: string[] = [];
    const cache = {
      async evict(owners: readonly string[]) {
        evicted.push(...owners);
        return life;
      },
      life: async () => life,
    };
    const relay = shop.relay({ cache, broker: shop.broker });
    await relay.start();
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await relay.settled();
    await relay.close();
    evicted.length = 0;
    life = 'new';
    shop.loseBroker();
    const next = shop.relay({ cache, broker: shop.broker });
    await next.start();
    shop.loseBroker();
    await vi.waitUntil(() => evicted.length > 0);
    await next.settled();
    expect(evicted).toEqual(['shop:1']);
    expect(await rows()).toMatchObject([{ published_at: null, evicted: true }]);
    shop.reviveBroker();
    await next.settled();
    expect(shop.heard).toHaveLength(2);
  });

  test('a closed relay no longer hears of the broker', async () => {
    const { shop } = fixture;
    let hearing = 0;
    const relay = shop.relay({
      broker: {
        onLive(listen) {
          const stop = shop.broker.onLive(listen);
          hearing += 1;
          return () => {
            hearing -= 1;
            stop();
          };
        },
      },
    });
    await relay.start();
    expect(hearing).toBe(1);
    await relay.close();
    expect(hearing).toBe(0);
  });

  test.each([
    ['hasten', 'AND attempts = 0'],
    ['replay', 'reopened AS'],
  ])('rows go on leaving while a broker that is back cannot get what waits (%s)', async (step, text) => {
    const { shop, db } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const relay = shop.relay({ broker: shop.broker, pool: poolThatFails(db.pool, text) });
    await relay.start();
    await relay.settled();
    expect(shop.heard).toHaveLength(1);
    expect(shop.counts.get(`relay_errors_total ${step}`)).toBeGreaterThan(0);
  });
}
