import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { silentLogger } from '../observability/logger.js';
import { recordCall } from './call.js';
import { createShopTables, openBehind, type Shop, SIGNALS } from './outbox.test.support.js';
import { OUTBOX_CHANNEL } from './outbox-table.js';
import type { RelayOptions } from './relay.js';
import { watchedPool } from './shop-fixture.test.support.js';
import type { SqlPool } from './sql-pool.js';
import type { OpenTestDatabase, TestDatabase } from './test-database.test.support.js';

/** What a relay promises on every database. */
export function relayConformance(open: OpenTestDatabase): void {
  let db: TestDatabase;
  let shop: Shop;

  beforeAll(async () => {
    db = await open();
    await createShopTables(db);
  }, 60_000);

  beforeEach(async () => {
    await db.exec('DELETE FROM orders; DELETE FROM lines; DELETE FROM public.querycast_outbox');
    shop = await openBehind(db, ['customer:1', 'customer:2', 'customer:3']);
  });

  afterEach(() => shop.close());
  afterAll(() => db.close());

  async function work(options: Partial<RelayOptions> = {}): Promise<void> {
    const relay = shop.relay(options);
    await relay.start();
    await relay.settled();
    await relay.close();
  }

  async function rows(): Promise<Record<string, unknown>[]> {
    const { rows } = await db.query('SELECT * FROM public.querycast_outbox ORDER BY id');
    return rows;
  }

  /** A pool that fails at the statement that holds `text`. */
  function poolThatFails(text: string): SqlPool {
    return {
      query: (statement, params) =>
        statement.includes(text) ? Promise.reject(new Error('terminated')) : db.pool.query(statement, params),
    };
  }

  /** Where a relay stands still for good, as a killed process does; `bury` lets the test end. */
  function grave() {
    let arrived: () => void = () => {};
    let bury: () => void = () => {};
    const reached = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const stillness = new Promise<never>((_, reject) => {
      bury = () => reject(new Error('buried'));
    });
    return {
      reached,
      bury: () => bury(),
      stop: () => {
        arrived();
        return stillness;
      },
    };
  }

  const MARK = 'jsonb_to_recordset';

  test('a rolled back transaction is announced to nobody', async () => {
    await db.exec('BEGIN; INSERT INTO orders VALUES (1, 1); ROLLBACK');
    await work();
    expect(shop.asked).toEqual([]);
    expect(shop.evicted).toEqual([]);
  });

  test('nothing is announced before the commit, then changes and explicit call leave as one envelope per room', async () => {
    const relay = shop.relay();
    await relay.start();
    await db.transaction(async (transaction) => {
      await transaction.exec('INSERT INTO orders VALUES (1, 1), (2, 1), (3, 2); INSERT INTO lines VALUES (1, 1)');
      await recordCall(transaction, 'greeting', { customer: 1 });
      relay.wake();
      expect(shop.heard).toEqual([]);
    });
    expect(shop.heard).toEqual([]);
    await relay.settled();
    expect(shop.heard).toEqual([
      { room: 'customer:1', keys: [['greeting'], ['lines'], ['orders']] },
      { room: 'customer:2', keys: [['orders']] },
    ]);
  });

  test('two transactions of one room leave as two envelopes', async () => {
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await db.exec('INSERT INTO orders VALUES (2, 1)');
    await work();
    expect(shop.heard).toHaveLength(2);
  });

  test('the audience of before and of after hears of a change', async () => {
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    shop.heard.length = 0;
    await db.exec('UPDATE orders SET customer = 2');
    await work();
    expect(shop.heard.map(({ room }) => room).sort()).toEqual(['customer:1', 'customer:2']);
  });

  test('an update that changes no captured column is announced to nobody', async () => {
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    shop.asked.length = 0;
    await db.exec(`UPDATE orders SET secret = 'new'`);
    await work();
    expect(shop.asked).toEqual([]);
  });

  test('every owner of a batch is evicted before anything of it is published', async () => {
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await db.exec('INSERT INTO orders VALUES (2, 2)');
    const order: string[] = [];
    await work({
      cache: { evict: async (owners) => void order.push(`evict ${owners.join(' ')}`) },
      publisher: {
        invalidate: (invalidation) => {
          order.push(`publish ${invalidation.rooms.join(' ')}`);
          return shop.publisher.invalidate(invalidation);
        },
      },
    });
    expect(order).toEqual(['evict shop:1 shop:2', 'publish customer:1', 'publish customer:2']);
  });

  test('a read that follows an envelope never gets what the cache held before', async () => {
    const read = (value: string) =>
      shop.cache.getOrCompute({ owner: 'shop:1', key: 'shop:1', ttlMs: 60_000, compute: () => value });
    expect(await read('old')).toBe('old');
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    expect(shop.heard).toHaveLength(1);
    expect(await read('new')).toBe('new');
  });

  test('more than 64 keys of one room leave as several envelopes that all count', async () => {
    await db.exec('INSERT INTO orders SELECT each, 1 FROM generate_series(1, 130) AS each');
    await work({
      signals: {
        orders: async (changes) => ({
          evict: [],
          push: changes.map(({ new: row }) => ({ room: 'customer:1', keys: [['order', Number(row?.['id'])]] })),
        }),
      },
    });
    expect(shop.heard.map(({ keys }) => keys.length)).toEqual([64, 64, 2]);
    expect(new Set(shop.heard.flatMap(({ keys }) => keys.map((key) => key[1]))).size).toBe(130);
  });

  test('a relay that dies after evicting leaves its rows to the next one, once its claim has ended', async () => {
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const { reached, stop, bury } = grave();
    let vanished = false;
    const dying = shop.relay({
      publisher: { invalidate: stop },
      pool: { query: (...args) => (vanished ? Promise.reject(new Error('vanished')) : db.pool.query(...args)) },
    });
    await dying.start();
    await reached;
    vanished = true;
    shop.now += 4_999;
    await work();
    expect(shop.heard).toEqual([]);
    shop.now += 1;
    await work();
    expect(shop.heard).toEqual([{ room: 'customer:1', keys: [['orders']] }]);
    expect(shop.evicted).toEqual(['shop:1', 'shop:1']);
    vanished = false;
    bury();
    await dying.close();
    // What the slow one still writes down about a claim it has lost changes nothing.
    expect(await rows()).toMatchObject([{ published_at: expect.any(Date), claimed_until: null }]);
  });

  test('a relay that dies after publishing is repeated by the next one; the repetition counts once', async () => {
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const relay = shop.relay({ pool: poolThatFails(MARK) });
    await relay.start();
    await relay.close();
    expect(shop.heard).toHaveLength(1);
    shop.now += 5_000;
    await work();
    expect(shop.asked).toHaveLength(2);
    expect(shop.asked[1]).toEqual(shop.asked[0]);
    expect(shop.heard).toHaveLength(1);
    expect(shop.evicted).toEqual(['shop:1', 'shop:1']);
    expect(await rows()).toMatchObject([{ published_at: expect.any(Date) }]);
  });

  test('a repetition that finds other keys than the first time is not taken for the same', async () => {
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const relay = shop.relay({ pool: poolThatFails(MARK) });
    await relay.start();
    await relay.close();
    shop.now += 5_000;
    await work({ signals: { orders: async () => ({ evict: [], push: [{ room: 'customer:1', keys: [['moved']] }] }) } });
    expect(shop.heard.map(({ keys }) => keys)).toEqual([[['orders']], [['moved']]]);
  });

  test('the second half of a transaction is not taken for a repetition of the first', async () => {
    await db.exec('INSERT INTO orders VALUES (1, 1), (2, 1)');
    await db.exec(
      "UPDATE public.querycast_outbox SET claimed_until = now() + interval '1 day' WHERE id = (SELECT max(id) FROM public.querycast_outbox)",
    );
    await work();
    expect(shop.heard).toHaveLength(1);
    shop.now += 2 * 86_400_000;
    await work();
    expect(shop.heard).toHaveLength(2);
  });

  test('two relays at once publish everything, and nothing twice', async () => {
    for (let order = 1; order <= 60; order += 1) {
      await db.exec(`INSERT INTO orders VALUES (${order}, ${(order % 3) + 1}), (${order + 100}, ${(order % 3) + 1})`);
    }
    const perRelay = [0, 0];
    const relays = perRelay.map((_, index) =>
      shop.relay({
        batchSize: 4,
        publisher: {
          invalidate: (...args) => {
            perRelay[index] = (perRelay[index] ?? 0) + 1;
            return shop.publisher.invalidate(...args);
          },
        },
      }),
    );
    await Promise.all(relays.map((relay) => relay.start()));
    await Promise.all(relays.map((relay) => relay.settled()));
    await Promise.all(relays.map((relay) => relay.close()));
    expect(shop.heard).toHaveLength(60);
    expect(shop.asked).toHaveLength(60);
    expect(Math.min(...perRelay)).toBeGreaterThan(0);
    expect((await rows()).every((row) => row['published_at'] !== null)).toBe(true);
  });

  test('a row whose signal keeps failing is set aside alone, with the message and without row data', async () => {
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

  test('the parameters of a failed statement are neither stored nor logged', async () => {
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
      cache: { evict: () => Promise.reject(new Error(failed)) },
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
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const signals = { orders: () => Promise.reject(Object.assign(new Error('canceling'), { code })) };
    await work({ signals, maxAttempts: 1 });
    expect(await rows()).toMatchObject([{ attempts: 0, set_aside_at: null }]);
    shop.now += 250;
    await work();
    expect(shop.heard).toHaveLength(1);
  });

  test('a signal that answers something invalid has failed: it never reaches the publisher', async () => {
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const keys: [string][] = [['']];
    await work({
      maxAttempts: 1,
      signals: { orders: async () => ({ evict: [], push: [{ room: 'customer:1', keys }] }) },
    });
    expect(shop.asked).toEqual([]);
    expect(await rows()).toMatchObject([{ last_error: expect.stringContaining('the first element of a query key') }]);
  });

  test('while the broker is away caches are evicted all the same, and rows are kept for ever', async () => {
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

  test('rows published under another incarnation of the broker are evicted and published again', async () => {
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
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    await shop.replaceBroker();
    await db.exec('INSERT INTO orders VALUES (2, 2)');
    await work();
    expect(shop.heard.map(({ room }) => room)).toEqual(['customer:1', 'customer:2', 'customer:1']);
  });

  test('what waited for the broker leaves as soon as it is back; what waits for its signal goes on waiting', async () => {
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

  test('a broker that comes back as another one gets what the one before had, without any new change', async () => {
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

  test('a closed relay no longer hears of the broker', async () => {
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

  test.each(['first_rows', MARK])(
    'a relay that lost the answer of the database (%s) goes on as soon as it is back, not when its claim ends',
    async (text) => {
      await db.exec('INSERT INTO orders VALUES (1, 1)');
      let lost = 0;
      const relay = shop.relay({
        pool: {
          async query(statement, params) {
            const isLost = lost === 0 && statement.includes(text);
            // The claim is made all the same; what became of the rows is not written down.
            const answer = isLost && text === MARK ? { rows: [] } : await db.pool.query(statement, params);
            if (!isLost) return answer;
            lost += 1;
            throw new Error('Connection terminated unexpectedly');
          },
        },
      });
      await relay.start();
      await vi.waitUntil(() => lost === 1);
      await relay.settled();
      expect(await rows()).toMatchObject([{ published_at: expect.any(Date), claimed_by: null }]);
      expect(shop.heard).toHaveLength(1);
    },
  );

  test('a row whose signal only met an outage is kept for ever, and its attempts are not used up', async () => {
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

  test('published rows are kept for the replay time and then deleted', async () => {
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

  test.each([
    ['hasten', 'AND attempts = 0'],
    ['replay', 'reopened AS'],
  ])('rows go on leaving while a broker that is back cannot get what waits (%s)', async (step, text) => {
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const relay = shop.relay({ broker: shop.broker, pool: poolThatFails(text) });
    await relay.start();
    await relay.settled();
    expect(shop.heard).toHaveLength(1);
    expect(shop.counts.get(`relay_errors_total ${step}`)).toBeGreaterThan(0);
  });

  test('a row with a lower id than what was handled already is not missed', async () => {
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    await db.exec(
      `INSERT INTO public.querycast_outbox (id, source, operation, new) OVERRIDING SYSTEM VALUE VALUES (-5, 'orders', 'insert', '{"customer":2}')`,
    );
    await work();
    expect(shop.heard.map(({ room }) => room)).toEqual(['customer:1', 'customer:2']);
  });

  test('a commit wakes the relay through the notification, without a poll', async () => {
    let left: () => void = () => {};
    const heard = new Promise<void>((resolve) => {
      left = resolve;
    });
    const relay = shop.relay({
      listen: (onWake) => db.listen(OUTBOX_CHANNEL, onWake),
      publisher: {
        async invalidate(...args) {
          const published = await shop.publisher.invalidate(...args);
          left();
          return published;
        },
      },
    });
    await relay.start();
    await relay.settled();
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await heard;
    expect(shop.heard).toHaveLength(1);
  });

  test('a commit that comes just before the relay listens is found by its first look', async () => {
    let left: () => void = () => {};
    const heard = new Promise<void>((resolve) => {
      left = resolve;
    });
    const relay = shop.relay({
      async listen() {
        // Time enough for a look that did not wait for the listening.
        for (let turn = 0; turn < 10; turn += 1) await db.query('SELECT 1');
        await db.exec('INSERT INTO orders VALUES (1, 1)');
        return () => {};
      },
      publisher: {
        async invalidate(...args) {
          left();
          return shop.publisher.invalidate(...args);
        },
      },
    });
    await relay.start();
    await heard;
  }, 10_000);

  test('closing finishes the work in hand, and wakes nothing afterwards', async () => {
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const relay = shop.relay({ listen: (onWake) => db.listen(OUTBOX_CHANNEL, onWake) });
    await relay.start();
    await Promise.all([relay.close(), relay.close()]);
    expect(await rows()).toMatchObject([{ published_at: expect.any(Date) }]);
    await db.exec('INSERT INTO orders VALUES (2, 1)');
    relay.wake();
    await relay.settled();
    expect(shop.heard).toHaveLength(1);
  });

  test('a database that is away is looked for again at the next poll', async () => {
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
