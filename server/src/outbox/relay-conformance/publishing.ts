import { expect, test } from 'vitest';
import { recordCall } from '../call.js';
import type { ShopFixture } from '../shop-fixture.test.support.js';

/** How what was committed leaves: once, in envelopes, and after the caches were evicted. */
export function publishingConformance(fixture: ShopFixture): void {
  test('a rolled back transaction is announced to nobody', async () => {
    const { shop, db, work } = fixture;
    await db.exec('BEGIN; INSERT INTO orders VALUES (1, 1); ROLLBACK');
    await work();
    expect(shop.asked).toEqual([]);
    expect(shop.evicted).toEqual([]);
  });

  test('nothing is announced before the commit, then changes and explicit call leave as one envelope per room', async () => {
    const { shop, db } = fixture;
    const relay = shop.relay();
    await relay.start();
    await db.transaction(async (transaction) => {
      await transaction.exec('INSERT INTO orders VALUES (1, 1), (2, 1), (3, 2); INSERT INTO lines VALUES (1, 1)');
      await recordCall(transaction, 'greeting', { customer: 1 });
      relay.wake();
      expect(shop.heard).toEqual([]);
    });
    // From here on it may have left already.
    await relay.settled();
    expect(shop.heard).toEqual([
      { room: 'customer:1', keys: [['greeting'], ['lines'], ['orders']] },
      { room: 'customer:2', keys: [['orders']] },
    ]);
  });

  test('two transactions of one room leave as two envelopes', async () => {
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await db.exec('INSERT INTO orders VALUES (2, 1)');
    await work();
    expect(shop.heard).toHaveLength(2);
  });

  test('the audience of before and of after hears of a change', async () => {
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    shop.heard.length = 0;
    await db.exec('UPDATE orders SET customer = 2');
    await work();
    expect(shop.heard.map(({ room }) => room).sort()).toEqual(['customer:1', 'customer:2']);
  });

  test('an update that changes no captured column is announced to nobody', async () => {
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    shop.asked.length = 0;
    await db.exec(`UPDATE orders SET secret = 'new'`);
    await work();
    expect(shop.asked).toEqual([]);
  });

  test('every owner of a batch is evicted before anything of it is published', async () => {
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await db.exec('INSERT INTO orders VALUES (2, 2)');
    const order: string[] = [];
    await work({
      cache: {
        ...shop.cache,
        async evict(owners) {
          order.push(`evict ${owners.join(' ')}`);
          return shop.cache.life();
        },
      },
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
    const { shop, db, work } = fixture;
    const read = (value: string) =>
      shop.cache.getOrCompute({ owner: 'shop:1', key: 'shop:1', ttlMs: 60_000, compute: () => value });
    expect(await read('old')).toBe('old');
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    expect(shop.heard).toHaveLength(1);
    expect(await read('new')).toBe('new');
  });

  test('more than 64 keys of one room leave as several envelopes that all count', async () => {
    const { shop, db, work } = fixture;
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

  test('a change does not wait for a backlog: every other batch begins with the newest', async () => {
    const { shop, db } = fixture;
    const gate = fixture.gate();
    for (let order = 1; order <= 6; order += 1) await db.exec(`INSERT INTO orders VALUES (${order}, ${order})`);
    const { invalidate } = shop.publisher;
    const relay = shop.relay({
      batchSize: 1,
      publisher: { invalidate: (...args) => gate.enter().then(() => invalidate(...args)) },
    });
    await relay.start();
    await gate.reached;
    await db.exec('INSERT INTO orders VALUES (100, 100)');
    gate.open();
    await relay.settled();
    const told = shop.asked.map(({ rooms }) => Number(rooms[0]?.split(':')[1]));
    expect(told.slice(0, 3)).toEqual([1, 100, 2]);
    expect(told.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 100]);
  });

  test('a row dated ahead, by a clock that was set back since, does not wait for that time', async () => {
    const { shop, db } = fixture;
    const relay = shop.relay();
    await relay.start();
    // An odd number of claims leaves the next one to the newest.
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await relay.settled();
    await db.transaction(async (transaction) => {
      await transaction.exec('INSERT INTO orders VALUES (2, 2)');
      await transaction.exec(`UPDATE public.querycast_outbox SET created_at = now() + interval '1 hour'
        WHERE published_at IS NULL`);
    });
    await relay.settled();
    expect(shop.heard.map(({ room }) => room)).toEqual(['customer:1', 'customer:2']);
  });

  test('two relays at once publish everything, and nothing twice', async () => {
    const { shop, db, rows } = fixture;
    for (let order = 1; order <= 60; order += 1) {
      await db.exec(`INSERT INTO orders VALUES (${order}, ${(order % 3) + 1}), (${order + 100}, ${(order % 3) + 1})`);
    }
    const perRelay = [0, 0];
    // Neither goes on before both have something: how quick each one is would decide otherwise.
    const gate = fixture.gate();
    const relays = perRelay.map((_, index) =>
      shop.relay({
        batchSize: 4,
        publisher: {
          async invalidate(...args) {
            perRelay[index] = (perRelay[index] ?? 0) + 1;
            if (Math.min(...perRelay) > 0) gate.open();
            await gate.enter();
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
    expect((await rows()).every((row) => row['published_at'] !== null)).toBe(true);
  });

  test('a row with a lower id than what was handled already is not missed', async () => {
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    await work();
    await db.exec(
      `INSERT INTO public.querycast_outbox (id, source, operation, new) OVERRIDING SYSTEM VALUE VALUES (-5, 'orders', 'insert', '{"customer":2}')`,
    );
    await work();
    expect(shop.heard.map(({ room }) => room)).toEqual(['customer:1', 'customer:2']);
  });
}
