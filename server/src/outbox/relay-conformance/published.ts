import { expect, test, vi } from 'vitest';
import type { Logger } from '../../observability/logger.js';
import type { ShopFixture } from '../shop-fixture.test.support.js';
import type { PublishedPush } from '../signal.js';

/** What the application is told of what was published. */
export function publishedConformance(fixture: ShopFixture): void {
  test('what the broker acknowledged is told once per pass, right after it was published', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('BEGIN; INSERT INTO orders VALUES (1, 1); INSERT INTO lines VALUES (1, 1), (2, 2); COMMIT');
    await db.exec('INSERT INTO orders VALUES (3, 3)');
    const [a, b, c, d] = (await rows()).map(({ id }) => String(id));
    const ageMs = expect.any(Number);
    const published = vi.fn((_: readonly PublishedPush[]) => expect(shop.heard).toHaveLength(3));
    await work({ published });
    expect(published.mock.calls).toEqual([
      [
        [
          { room: 'customer:1', keys: [['lines'], ['orders']], rows: [a, b, c], ageMs },
          { room: 'customer:2', keys: [['lines']], rows: [b, c], ageMs },
          { room: 'customer:3', keys: [['orders']], rows: [d], ageMs },
        ],
      ],
    ]);
    expect(published).toHaveReturned();
  });

  test('with it is told how long ago the oldest of its rows was written', async () => {
    const { shop, db, work } = fixture;
    await db.exec('BEGIN; INSERT INTO lines VALUES (1, 1), (2, 2); COMMIT');
    await db.exec(`UPDATE public.querycast_outbox SET created_at = to_timestamp(${shop.now} / 1000.0)`);
    shop.now += 40;
    await db.exec(
      `UPDATE public.querycast_outbox SET created_at = to_timestamp(${shop.now} / 1000.0)
       WHERE id = (SELECT max(id) FROM public.querycast_outbox)`,
    );
    const ages: number[] = [];
    await work({ published: (pushes) => ages.push(...pushes.map(({ ageMs }) => ageMs)) });
    expect(ages.length).toBeGreaterThan(0);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(40);
    // What the pass itself took comes on top, whatever the clock that is given says.
    expect(Math.max(...ages)).toBeLessThan(5_000);
  });

  test('what the broker did not acknowledge is not told, nor that nothing was', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await db.exec('INSERT INTO orders VALUES (2, 2)');
    const row = String((await rows())[1]?.['id']);
    const published = vi.fn();
    const publisher: typeof shop.publisher = {
      invalidate: (invalidation, options) =>
        invalidation.rooms.includes('customer:1')
          ? Promise.reject(new Error('its shard is away'))
          : shop.publisher.invalidate(invalidation, options),
    };
    await work({ published, publisher });
    shop.now += 250;
    await work({ published, publisher });
    expect(published.mock.calls).toEqual([
      [[{ room: 'customer:2', keys: [['orders']], rows: [row], ageMs: expect.any(Number) }]],
    ]);
  });

  test('what fails in the middle of a pass without being foreseen is counted and logged, and the row is tried again', async () => {
    const { shop, db } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const steps: unknown[] = [];
    let isBroken = true;
    const metrics = {
      count(name: string, labels?: Readonly<Record<string, string>>) {
        if (name === 'relay_errors_total') steps.push(labels?.['step']);
        if (name === 'relay_envelopes_total' && isBroken) throw new Error('metrics of somebody else');
      },
      gauge() {},
      observe() {},
    };
    const error = vi.fn();
    const logger: Logger = { debug() {}, info() {}, warn() {}, error };
    const relay = shop.relay({ metrics, logger });
    await relay.start();
    await vi.waitUntil(() => steps.length > 0);
    expect(steps).toContain('pass');
    expect(error.mock.calls.map(([, message]) => message)).toContain('outbox relay failed, trying again');
    isBroken = false;
    shop.now += 10_000;
    relay.wake();
    await relay.settled();
    expect(shop.heard.length).toBeGreaterThan(0);
    await relay.close();
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('no such key');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no such key'))],
  ])('a listener that %s changes nothing for the relay, is counted and told of each time', async (_, published) => {
    const { shop, db, rows } = fixture;
    const warn = vi.fn();
    const logger: Logger = { debug() {}, info() {}, warn, error() {} };
    const relay = shop.relay({ published, logger });
    await relay.start();
    for (const order of [1, 2]) {
      await db.exec(`INSERT INTO orders VALUES (${order}, 1)`);
      await relay.settled();
    }
    expect(shop.heard).toHaveLength(2);
    expect((await rows()).every((row) => row['published_at'] !== null)).toBe(true);
    expect(shop.counts.get('relay_errors_total published')).toBe(2);
    expect(warn.mock.calls).toEqual(Array(2).fill([{ error: 'no such key' }, 'listener to what was published failed']));
  });

  test('a listener that never comes to an end delays nothing', async () => {
    const { shop, db } = fixture;
    const relay = shop.relay({ published: () => new Promise<void>(() => {}) });
    await relay.start();
    for (const order of [1, 2]) {
      await db.exec(`INSERT INTO orders VALUES (${order}, 1)`);
      await relay.settled();
    }
    expect(shop.heard).toHaveLength(2);
  });
}
