import { expect, test, vi } from 'vitest';
import { type ShopFixture, watchedPool } from '../shop-fixture.test.support.js';

/** How long published rows stay, and how the others are counted. */
export function tidyingConformance(fixture: ShopFixture): void {
  test('published rows are kept for the replay time and then deleted', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    shop.now += 59_999;
    await work();
    expect(await rows()).toHaveLength(1);
    shop.now += 1;
    await work();
    expect(await rows()).toHaveLength(0);
  });

  test('rows are counted at the start and then every ten seconds, not at every poll', async () => {
    const { shop, db } = fixture;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    try {
      const pool = watchedPool(db.pool);
      const relay = shop.relay({ pool, signals: {}, pollMs: 1_000 });
      await relay.start();
      await pool.idle();
      expect(shop.counts.get('outbox_pending')).toBe(0);
      await db.exec('INSERT INTO orders VALUES (1, 1)');
      for (let elapsedMs = 0; elapsedMs < 30_000; elapsedMs += 1_000) {
        expect(pool.count('AS pending')).toBe(1 + Math.floor(elapsedMs / 10_000));
        expect(shop.counts.get('outbox_pending')).toBe(elapsedMs < 10_000 ? 0 : 1);
        await vi.advanceTimersByTimeAsync(1_000);
        await pool.idle();
      }
      await relay.close();
    } finally {
      vi.useRealTimers();
    }
  });

  test('while the database is away nobody knows how many rows wait, and says so', async () => {
    const { shop, db } = fixture;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    try {
      let away = false;
      const pool = watchedPool({
        query: (text, params) => (away ? Promise.reject(new Error('connection refused')) : db.pool.query(text, params)),
      });
      const poll = async () => {
        await vi.advanceTimersByTimeAsync(1_000);
        await pool.idle();
      };
      const relay = shop.relay({ pool, pollMs: 1_000 });
      await relay.start();
      await pool.idle();
      const known = () => ['outbox_pending', 'outbox_poison'].map((name) => shop.counts.get(name));
      expect(known()).toEqual([0, 0]);
      away = true;
      await poll();
      expect(known()).toEqual([Number.NaN, Number.NaN]);
      away = false;
      await poll();
      expect(known()).toEqual([0, 0]);
      await relay.close();
    } finally {
      vi.useRealTimers();
    }
  });
}
