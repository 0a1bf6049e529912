import { expect, test } from 'vitest';
import { silentLogger } from '../../observability/logger.js';
import { InvalidInvalidationError } from '../../publisher/publish-errors.js';
import { recordCall } from '../call.js';
import { SIGNALS } from '../outbox.test.support.js';
import type { RelayOptions } from '../relay.js';
import type { ShopFixture } from '../shop-fixture.test.support.js';

/** What becomes of rows whose signal fails, or is not known. */
export function signalsConformance(fixture: ShopFixture): void {
  test('a row whose signal keeps failing is set aside alone, with the message and without row data', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1), (2, 2), (3, 3)');
    const options: Partial<RelayOptions> = {
      maxAttempts: 3,
      signals: {
        orders: async (changes, pool) => {
          if (changes.some(({ new: row }) => row?.['id'] === 2)) {
            throw Object.assign(new Error(`unknown customer ${'x'.repeat(1_000)}`), { detail: 'customer=2' });
          }
          return (await SIGNALS['orders']?.(changes, pool)) ?? { evict: [], push: [] };
        },
      },
    };
    await work(options);
    expect(shop.heard).toEqual([]);
    shop.now += 500;
    await work(options);
    expect(shop.heard.map(({ room }) => room)).toEqual(['customer:1', 'customer:3']);
    shop.now += 999;
    await work(options);
    expect((await rows())[1]).toMatchObject({ attempts: 2, set_aside_at: null });
    shop.now += 1;
    await work(options);
    const [, poison] = await rows();
    expect(poison).toMatchObject({ attempts: 3, set_aside_at: expect.any(Date), published_at: null });
    expect(poison?.['last_error']).toMatch(/^unknown customer x+$/);
    expect(String(poison?.['last_error'])).toHaveLength(500);
    await work(options);
    expect(shop.counts.get('outbox_poison')).toBe(1);
    expect(shop.counts.get('outbox_pending')).toBe(0);
  });

  test('a row that the publisher refuses for good is set aside alone, after as many attempts', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1), (2, 2), (3, 3)');
    const lines: unknown[] = [];
    const error = (fields: object, message: string) => void lines.push({ ...fields, message });
    const options: Partial<RelayOptions> = {
      maxAttempts: 3,
      logger: { ...silentLogger, error },
      publisher: {
        invalidate: (invalidation, options) =>
          invalidation.rooms.includes('customer:2')
            ? Promise.reject(new InvalidInvalidationError([{ path: 'rooms[0]', message: 'is malformed' }]))
            : shop.publisher.invalidate(invalidation, options),
      },
    };
    for (const waitMs of [0, 500, 1_000]) {
      shop.now += waitMs;
      await work(options);
    }
    const [first, poison, third] = await rows();
    for (const row of [first, third]) expect(row).toMatchObject({ published_at: expect.any(Date), set_aside_at: null });
    const last_error = expect.stringContaining('rooms[0]: is malformed');
    expect(poison).toMatchObject({ attempts: 3, set_aside_at: expect.any(Date), published_at: null, last_error });
    expect(new Set(shop.heard.map(({ room }) => room))).toEqual(new Set(['customer:1', 'customer:3']));
    expect(shop.counts.get('relay_rows_total set_aside')).toBe(1);
    expect(shop.counts.get('relay_errors_total publish')).toBe(3);
    expect(lines).toMatchObject([{ source: 'orders', attempts: 3, message: 'outbox row set aside' }]);
    shop.now += 60_000;
    await work(options);
    expect(shop.counts.get('relay_errors_total publish')).toBe(3);
  });

  test('the parameters of a failed statement are neither stored nor logged', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await db.exec('INSERT INTO lines VALUES (1, 2)');
    const logged: string[] = [];
    const log = (fields: object, message: string) => void logged.push(JSON.stringify([fields, message]));
    const logger = { debug: log, info: log, warn: log, error: log };
    const failed = 'Failed query: select $1\nparams: olga@example.org,hush';
    const refused = Object.assign(new Error('invalid input syntax for type integer: "hush"'), { code: '22P02' });
    await work({
      logger,
      signals: {
        orders: () => Promise.reject(new Error(failed, { cause: new Error('connection terminated') })),
        lines: () => Promise.reject(new Error(failed, { cause: refused })),
      },
    });
    expect(await rows()).toMatchObject([
      { last_error: 'connection terminated' },
      { last_error: 'the database refused a value (SQLSTATE 22P02)' },
    ]);
    await db.exec('DELETE FROM public.querycast_outbox; INSERT INTO orders VALUES (2, 2)');
    await work({
      logger,
      publisher: { invalidate: () => Promise.reject(new Error(failed)) },
      cache: { ...shop.cache, evict: () => Promise.reject(new Error(failed)) },
    });
    const relay = shop.relay({
      logger,
      pool: { query: () => Promise.reject(new Error(failed)) },
    });
    await relay.start();
    await relay.close();
    expect(logged.filter((line) => line.includes('failed')).length).toBeGreaterThanOrEqual(5);
    expect(logged.join()).not.toMatch(/olga|hush/);
  });

  test('a row set aside is tried again when its mark is taken off', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work({ signals: { orders: () => Promise.reject(new Error('no such column')) }, maxAttempts: 1 });
    const last_error = 'no such column';
    expect(await rows()).toMatchObject([{ set_aside_at: expect.any(Date), last_error }]);
    await db.exec('UPDATE public.querycast_outbox SET set_aside_at = NULL, attempts = 0');
    await work();
    expect(shop.heard).toHaveLength(1);
  });

  test.each(['orders', 'constructor', 'toString'])(
    'rows of %s without a signal of its own wait, however long, for a relay that has one, and hold up nothing',
    async (source) => {
      const { shop, db, work, rows } = fixture;
      await recordCall(db, source, { customer: 2 });
      await recordCall(db, 'greeting', { customer: 1 });
      const lines: unknown[] = [];
      const warn = (fields: object, message: string) => void lines.push({ ...fields, message });
      const greeting = SIGNALS['greeting'] ?? (() => Promise.reject());
      const relay = shop.relay({ signals: { greeting }, logger: { ...silentLogger, warn } });
      await relay.start();
      for (let hour = 0; hour < 24; hour += 1) {
        await relay.settled();
        shop.now += 3_600_000;
      }
      await relay.close();
      expect(shop.heard).toEqual([{ room: 'customer:1', keys: [['greeting']] }]);
      const untouched = { set_aside_at: null, attempts: 0, last_error: null, late: false, claimed_until: null };
      expect((await rows())[0]).toMatchObject(untouched);
      expect(shop.counts.get('outbox_pending')).toBeGreaterThan(0);
      expect(lines).toEqual([{ sources: [source], message: 'outbox rows wait for a relay that knows their source' }]);
      await work({ signals: { greeting, [source]: greeting } });
      expect(shop.heard).toHaveLength(2);
    },
  );

  test('of a transaction, a relay takes what it knows, and one that knows the rest takes that', async () => {
    const { shop, db, work } = fixture;
    await db.exec('BEGIN; INSERT INTO orders VALUES (1, 1); INSERT INTO lines VALUES (1, 1); COMMIT');
    const { orders = () => Promise.reject(), lines = orders } = SIGNALS;
    await work({ signals: { lines } });
    expect(shop.heard).toEqual([{ room: 'customer:1', keys: [['lines']] }]);
    await work({ signals: { orders } });
    expect(shop.heard).toHaveLength(2);
  });

  test.each([
    ['took too long', '57014'],
    ['waited for a lock', '55P03'],
  ])('a row is not blamed for a signal whose statement %s', async (_, code) => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const signals = { orders: () => Promise.reject(Object.assign(new Error('canceling'), { code })) };
    await work({ signals, maxAttempts: 1 });
    expect(await rows()).toMatchObject([{ attempts: 0, set_aside_at: null }]);
    shop.now += 250;
    await work();
    expect(shop.heard).toHaveLength(1);
  });

  test('a signal that answers something invalid has failed: it never reaches the publisher', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const keys: [string][] = [['']];
    await work({
      maxAttempts: 1,
      signals: { orders: async () => ({ evict: [], push: [{ room: 'customer:1', keys }] }) },
    });
    expect(shop.asked).toEqual([]);
    expect(await rows()).toMatchObject([{ last_error: expect.stringContaining('the first element of a query key') }]);
  });

  test('a row whose signal only met an outage is kept for ever, and its attempts are not used up', async () => {
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const gone = Object.assign(new Error('terminating connection'), { code: '57P01' });
    const signals = { orders: () => Promise.reject(new Error('Failed query: …', { cause: gone })) };
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await work({ signals });
      shop.now += 2_000;
    }
    expect(await rows()).toMatchObject([{ attempts: 0, set_aside_at: null, published_at: null, last_error: null }]);
    expect(shop.counts.get('relay_errors_total signal')).toBe(20);
    await work();
    expect(shop.heard).toHaveLength(1);
  });
}
