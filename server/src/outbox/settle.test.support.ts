import { expect, test } from 'vitest';
import { cacheLifeName, hasten, prune, reopen } from './settle.js';
import { useShop, watchedPool } from './shop-fixture.test.support.js';
import type { OpenTestDatabase } from './test-database.test.support.js';

/** What is done to many rows at once, on every database. */
export function settleConformance(open: OpenTestDatabase): void {
  const fixture = useShop(open);

  /** Appends `count` rows with these columns set. */
  async function fill(count: number, columns: Record<string, string>): Promise<void> {
    const names = Object.keys(columns).map((name) => `, ${name}`);
    const values = Object.values(columns).map((value) => `, ${value}`);
    await fixture.db.exec(
      `INSERT INTO public.querycast_outbox (source, operation ${names.join('')})
       SELECT 'orders', 'call' ${values.join('')} FROM generate_series(1, ${count})`,
    );
  }

  async function countOf(condition: string): Promise<unknown> {
    const { rows } = await fixture.db.query(
      `SELECT count(*)::int AS count FROM public.querycast_outbox WHERE ${condition}`,
    );
    return rows[0]?.['count'];
  }

  test('rows that wait are made due a limited number at a time; those that are due are left as they are', async () => {
    await fill(25, { claimed_until: "now() + interval '1 hour'" });
    await fill(5, { claimed_until: "now() - interval '1 second'" });
    await fill(3, { claimed_until: "now() + interval '1 hour'", attempts: '1' });
    await fill(2, { claimed_until: "now() + interval '1 hour'", claimed_by: "'another'" });
    const pool = watchedPool(fixture.db.pool);
    await hasten(pool, undefined, 10);
    expect(pool.count('UPDATE')).toBe(3);
    expect(await countOf('claimed_until IS NULL')).toBe(25);
    expect(await countOf('claimed_until IS NOT NULL')).toBe(10);
  });

  test('rows are deleted a limited number at a time', async () => {
    await fill(20, { published_at: "now() - interval '2 minutes'" });
    await fill(5, { published_at: 'now()' });
    const pool = watchedPool(fixture.db.pool);
    await prune(pool, 60_000, undefined, 10);
    expect(pool.count('DELETE')).toBe(3);
    expect(await countOf('true')).toBe(5);
  });

  test('rows are published again for a life of the broker or for one of the cache, each by what they say of its kind', async () => {
    const published = { published_at: 'now()', evicted: 'true' };
    await fill(4, { ...published, incarnations: `'{${cacheLifeName('before')},log}'` });
    await fill(3, { ...published, incarnations: `'{${cacheLifeName('now')},log}'` });
    // Nobody was told; and what concerns no cache.
    await fill(2, { ...published, incarnations: `'{${cacheLifeName('before')}}'` });
    await fill(1, { ...published, incarnations: `'{log}'` });
    expect(await reopen(fixture.db.pool, 'log', 60_000, undefined)).toBe(0);
    expect(await reopen(fixture.db.pool, cacheLifeName('now'), 60_000, undefined)).toBe(6);
    // Although the broker may be away: the caches are evicted again before.
    expect(await countOf('published_at IS NULL AND NOT evicted AND late')).toBe(6);
    expect(await reopen(fixture.db.pool, 'another log', 60_000, undefined)).toBe(4);
    expect(await countOf('published_at IS NULL AND evicted AND late')).toBe(4);
  });

  test('rows are published again a limited number at a time, whatever another relay does in between', async () => {
    await fill(25, { published_at: 'now()', incarnations: "'{before}'" });
    await fill(5, { published_at: 'now()', incarnations: "'{now}'" });
    const { db } = fixture;
    let statements = 0;
    const pool = {
      async query(text: string, params?: unknown[]) {
        statements += 1;
        const answer = await db.pool.query(text, params);
        // Another relay takes all of the next batch, and ends.
        if (statements === 1) await reopenTen(params);
        return answer;
      },
    };
    const reopenTen = (params: unknown[] = []) =>
      db.query(
        `UPDATE public.querycast_outbox SET published_at = NULL WHERE id IN
           (SELECT id FROM public.querycast_outbox WHERE published_at IS NOT NULL AND $1::text IS NOT NULL ORDER BY id LIMIT 10)`,
        [String(params[2])],
      );
    expect(await reopen(pool, 'now', 60_000, undefined, 10)).toBe(15);
    expect(await countOf('published_at IS NULL')).toBe(25);
    expect(await countOf('late')).toBe(15);
    expect(statements).toBe(3);
  });
}
