import { expect, test } from 'vitest';
import type { Logger } from '../observability/logger.js';
import { recordObservability } from '../publisher/recorded-observability.js';
import { useShop, watchedPool } from './shop-fixture.test.support.js';
import type { OpenTestDatabase } from './test-database.test.support.js';

/** How many transactions wait; more than ten passes of a relay in these tests. */
const BACKLOG = 120;
const BATCH = 10;
/** Tells a pass that found rows from everything else. */
const SETTLED = 'jsonb_to_recordset';

/** What a relay does, and leaves, while cache or broker are away, on every database. */
export function awayConformance(open: OpenTestDatabase): void {
  const fixture = useShop(open);

  async function fillBacklog(): Promise<void> {
    for (let order = 1; order <= BACKLOG; order += 1) {
      await fixture.db.exec(`INSERT INTO orders VALUES (${order}, ${1 + (order % 3)})`);
    }
  }

  function watchedRelay(withBroker: boolean) {
    const { shop, db } = fixture;
    const lines: string[] = [];
    const write = (level: string) => (_: object, message: string) => void lines.push(`${level} ${message}`);
    const logger: Logger = { debug() {}, info: write('info'), warn: write('warn'), error: write('error') };
    const pool = watchedPool(db.pool);
    const broker = withBroker ? { broker: shop.broker } : {};
    return { relay: shop.relay({ pool, logger, batchSize: BATCH, ...broker }), pool, lines };
  }

  async function pendingRows(): Promise<number> {
    return (await fixture.rows()).filter((row) => row['published_at'] === null).length;
  }

  test('of a broker that says it is away nothing is asked; each row evicts its caches once, and then waits', async () => {
    const { shop, db } = fixture;
    await fillBacklog();
    const { relay, pool, lines } = watchedRelay(true);
    shop.loseBroker();
    await relay.start();
    shop.loseBroker();
    await relay.settled();
    const passes = pool.count(SETTLED);
    expect(passes).toBeLessThanOrEqual(BACKLOG / BATCH + 1);
    for (let elapsedMs = 0; elapsedMs < 20_000; elapsedMs += 1_000) {
      shop.now += 1_000;
      await relay.settled();
    }
    expect(pool.count(SETTLED)).toBe(passes);
    shop.evicted.length = 0;
    await db.exec('INSERT INTO orders VALUES (1000, 1)');
    await relay.settled();
    expect(shop.evicted).toEqual(['shop:1']);
    expect(shop.heard).toEqual([]);
    expect(lines).toEqual([]);
    shop.reviveBroker();
    await relay.settled();
    expect(shop.heard).toHaveLength(BACKLOG + 1);
    expect(await pendingRows()).toBe(0);
  });

  test('of a broker that fails without a word, one batch of a backlog is tried after each wait', async () => {
    const { shop, db } = fixture;
    await fillBacklog();
    const { relay, pool, lines } = watchedRelay(false);
    shop.brokerDown = true;
    await relay.start();
    await relay.settled();
    // Every row was tried once: the first try is what evicts its caches.
    expect(shop.asked).toHaveLength(BACKLOG);
    shop.now += 250;
    await relay.settled();
    for (let round = 0; round < 20; round += 1) {
      const before = pool.count(SETTLED);
      for (let step = 0; step < 4; step += 1) {
        shop.now += 500;
        await relay.settled();
      }
      expect(pool.count(SETTLED) - before).toBeLessThanOrEqual(2);
    }
    shop.asked.length = 0;
    shop.evicted.length = 0;
    await db.exec('INSERT INTO orders VALUES (1000, 1)');
    await relay.settled();
    expect(shop.evicted).toContain('shop:1');
    expect(lines).toEqual(['warn outbox publish failed']);
    shop.brokerDown = false;
    shop.now += 2_000;
    await relay.settled();
    expect(await pendingRows()).toBe(0);
    expect(lines).toEqual(['warn outbox publish failed', 'info outbox publishes again']);
  });

  test('what the cache did not evict is evicted when it is back, although the broker is still away', async () => {
    const { shop, db } = fixture;
    const { relay } = watchedRelay(true);
    await relay.start();
    shop.loseBroker();
    shop.cacheDown = true;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await relay.settled();
    shop.cacheDown = false;
    expect(shop.evicted).toEqual([]);
    shop.now += 250;
    await relay.settled();
    expect(shop.evicted).toEqual(['shop:1']);
    shop.now += 60_000;
    await relay.settled();
    expect(shop.evicted).toEqual(['shop:1']);
    shop.reviveBroker();
    await relay.settled();
    expect(shop.heard).toHaveLength(1);
  });

  test('while the cache is away new rows are published at once, and the backlog is tried a batch at a time', async () => {
    const { shop, db } = fixture;
    await fillBacklog();
    const { relay, pool, lines } = watchedRelay(true);
    shop.cacheDown = true;
    await relay.start();
    await relay.settled();
    expect(shop.heard).toHaveLength(BACKLOG);
    shop.now += 2_000;
    await relay.settled();
    const before = pool.count(SETTLED);
    shop.now += 1_999;
    await db.exec('INSERT INTO orders VALUES (1000, 1)');
    await relay.settled();
    expect(shop.heard).toHaveLength(BACKLOG + 1);
    expect(pool.count(SETTLED) - before).toBeLessThanOrEqual(3);
    expect(lines.sort()).toEqual([
      'warn outbox cannot look at the cache',
      'warn outbox eviction failed, published all the same',
    ]);
    shop.cacheDown = false;
    shop.now += 2_000;
    await relay.settled();
    expect(await pendingRows()).toBe(0);
  });

  test('where a part of the broker is away, new rows of the other part leave at once', async () => {
    const { shop, db } = fixture;
    const { invalidate } = shop.publisher;
    const relay = shop.relay({
      batchSize: BATCH,
      publisher: {
        invalidate: (invalidation, options) =>
          invalidation.rooms.includes('customer:1')
            ? Promise.reject(new Error('its shard is away'))
            : invalidate(invalidation, options),
      },
    });
    for (let order = 1; order <= 3 * BATCH; order += 1) await db.exec(`INSERT INTO orders VALUES (${order}, 1)`);
    await relay.start();
    await relay.settled();
    for (let order = 100; order < 120; order += 1) {
      await db.exec(`INSERT INTO orders VALUES (${order}, 2)`);
      await relay.settled();
      expect(shop.heard).toHaveLength(order - 99);
      shop.now += 300;
    }
  });

  test('whatever a relay fails at is counted under a name that a label may have', async () => {
    const { shop, db } = fixture;
    const { metrics, counts } = recordObservability();
    let isAway = false;
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const query: typeof db.pool.query = (...args) => (isAway ? Promise.reject(refused) : db.pool.query(...args));
    shop.cacheDown = true;
    const relay = shop.relay({ pool: { query }, metrics, pollMs: 20 });
    await relay.start();
    await relay.settled();
    isAway = true;
    const steps = () => counts.filter(({ name }) => name === 'relay_errors_total').map(({ labels }) => labels['step']);
    // What a claim that failed has claimed is not known: it is let go first from then on.
    await expect.poll(steps).toEqual(expect.arrayContaining(['cache_life', 'claim', 'let_go']));
    isAway = false;
    for (const step of steps()) expect(step).toMatch(/^[a-z_]+$/);
  });

  test('a broker that comes and goes is told of at most every ten seconds', async () => {
    const { shop, db } = fixture;
    const { relay, lines } = watchedRelay(false);
    await relay.start();
    for (let order = 1; order <= 40; order += 1) {
      shop.brokerDown = order % 2 === 0;
      await db.exec(`INSERT INTO orders VALUES (${order}, 1)`);
      await relay.settled();
      shop.now += 500;
    }
    expect(lines.filter((line) => line.startsWith('warn'))).toHaveLength(2);
    expect(lines.length).toBeLessThanOrEqual(4);
  });
}
