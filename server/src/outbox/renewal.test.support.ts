import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ClaimedRow, claim, renew } from './claim.js';
import { SIGNALS } from './outbox.test.support.js';
import type { RelayOptions } from './relay.js';
import { settle } from './settle.js';
import { useShop, watchedPool } from './shop-fixture.test.support.js';
import type { OpenTestDatabase } from './test-database.test.support.js';

/** Tells a renewal from all other statements. */
const RENEWAL = 'AND claimed_by = $3';

/** What claims promise while a relay lives, on every database. */
export function renewalConformance(open: OpenTestDatabase): void {
  const fixture = useShop(open);

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function elapse(ms: number): Promise<void> {
    fixture.shop.now += ms;
    await vi.advanceTimersByTimeAsync(ms);
  }

  /** A relay that stands still wherever `slowed` leads it to `enter`. */
  async function slowRelay(slowed: (enter: () => Promise<void>) => Partial<RelayOptions>) {
    const { shop, db } = fixture;
    const gate = fixture.gate();
    const pool = watchedPool(db.pool);
    const relay = shop.relay({ pool, ...slowed(gate.enter) });
    await relay.start();
    await gate.reached;
    return { relay, pool, open: gate.open };
  }

  const slowPublisher = (enter: () => Promise<void>): Partial<RelayOptions> => ({
    publisher: { invalidate: (...args) => enter().then(() => fixture.shop.publisher.invalidate(...args)) },
  });

  const slowCache = (enter: () => Promise<void>): RelayOptions['cache'] => ({
    ...fixture.shop.cache,
    evict: (owners) => enter().then(() => fixture.shop.cache.evict(owners)),
  });

  const slow: [string, (enter: () => Promise<void>) => Partial<RelayOptions>][] = [
    ['a signal', (enter) => ({ signals: { orders: (...args) => enter().then(() => ordersOf(...args)) } })],
    ['the cache', (enter) => ({ cache: slowCache(enter) })],
    ['the broker', slowPublisher],
  ];
  const ordersOf = SIGNALS['orders'] ?? (() => Promise.reject());

  test.each(slow)('while %s takes longer than a claim, no other relay takes the rows', async (_, slowed) => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1), (2, 1); INSERT INTO orders VALUES (3, 2)');
    const { relay, pool, open } = await slowRelay(slowed);
    for (let elapsedMs = 0; elapsedMs < 20_000; elapsedMs += 1_000) {
      await elapse(1_000);
      await pool.idle();
      await work();
      expect(shop.asked).toEqual([]);
    }
    open();
    await relay.settled();
    expect(shop.asked).toHaveLength(2);
    const published = { published_at: expect.any(Date), claimed_by: null, claimed_until: null };
    expect(await rows()).toMatchObject([published, published, published]);
  });

  test('rows of a transaction that concerns many rooms are held until all have been told', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders SELECT each, each FROM generate_series(1, 101) AS each');
    const { relay, pool, open } = await slowRelay(slowPublisher);
    for (let elapsedMs = 0; elapsedMs < 20_000; elapsedMs += 1_000) {
      await elapse(1_000);
      await pool.idle();
      await work();
      expect(shop.asked).toEqual([]);
    }
    open();
    await relay.settled();
    expect(shop.asked).toHaveLength(101);
    expect((await rows()).every((row) => row['published_at'] !== null && row['claimed_by'] === null)).toBe(true);
  });

  test('renewal ends with the pass', async () => {
    const { db, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const { relay, pool, open } = await slowRelay(slowPublisher);
    await elapse(5_000);
    await pool.idle();
    const renewals = pool.count(RENEWAL);
    expect(renewals).toBeGreaterThan(0);
    open();
    await relay.settled();
    await elapse(60_000);
    await pool.idle();
    expect(pool.count(RENEWAL)).toBe(renewals);
    expect(await rows()).toMatchObject([{ claimed_by: null, claimed_until: null }]);
  });

  test('a renewal that fails is counted and tried again; a takeover that comes of it changes nothing', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const gate = fixture.gate();
    const relay = shop.relay({
      pool: {
        query: (text, params) =>
          text.includes(RENEWAL) ? Promise.reject(new Error('deadlock')) : db.pool.query(text, params),
      },
      ...slowPublisher(gate.enter),
    });
    await relay.start();
    await gate.reached;
    await elapse(2_000);
    await elapse(3_000);
    expect(shop.counts.get('relay_errors_total renew')).toBeGreaterThanOrEqual(2);
    await work();
    expect(shop.heard).toHaveLength(1);
    gate.open();
    await relay.settled();
    expect(shop.asked).toHaveLength(2);
    expect(shop.heard).toHaveLength(1);
    expect(await rows()).toMatchObject([{ published_at: expect.any(Date), claimed_by: null }]);
  });

  test('a renewal holds the rows it names, of those its relay still has', async () => {
    const { shop, db, rows } = fixture;
    const claimAs = (relay: string, batchSize: number): Promise<readonly ClaimedRow[]> =>
      claim(db.pool, {
        relay,
        batchSize,
        claimMs: 5_000,
        scope: 'all',
        newestFirst: false,
        sources: ['orders'],
        now: shop.now,
      });
    for (let order = 1; order <= 7; order += 1) await db.exec(`INSERT INTO orders VALUES (${order}, 1)`);
    const named = await claimAs('this', 5);
    const [published, postponed, refused, setAside] = named.map(({ change }) => change.id);
    if (!published || !postponed || !refused || !setAside) throw new Error('too few rows were claimed');
    // As after a claim whose answer was lost.
    expect(await claimAs('this', 1)).toHaveLength(1);
    const outcome = {
      published: [{ id: published, incarnations: ['life'] }],
      postponed: [
        { id: postponed, delayMs: 250 },
        { id: refused, delayMs: 500, error: 'failed' },
      ],
      setAside: [{ id: setAside, error: 'failed' }],
    };
    await settle(db.pool, 'this', outcome, shop.now);
    const taken = await claimAs('another', 1);
    const before = await rows();
    shop.now += 1_000;
    await renew(db.pool, [...named, ...taken], { relay: 'this', claimMs: 5_000, now: shop.now });
    const after = await rows();
    const [held] = after.splice(4, 1);
    const [wasHeld] = before.splice(4, 1);
    expect(after).toEqual(before);
    expect(held).toEqual({ ...wasHeld, claimed_until: new Date(shop.now + 5_000) });
  });
}
