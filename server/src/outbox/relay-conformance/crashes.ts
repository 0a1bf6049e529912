import { expect, test, vi } from 'vitest';
import { poolThatFails, type ShopFixture } from '../shop-fixture.test.support.js';

/** In the statement that writes down what became of rows. */
const MARK = 'jsonb_to_recordset';

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

/** What becomes of the work that a relay left half done. */
export function crashesConformance(fixture: ShopFixture): void {
  test('a relay that dies after evicting leaves its rows to the next one, once its claim has ended', async () => {
    const { shop, db, work, rows } = fixture;
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
    const { shop, db, work, rows } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const relay = shop.relay({ pool: poolThatFails(db.pool, MARK) });
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
    const { shop, db, work } = fixture;
    await db.exec('INSERT INTO orders VALUES (1, 1)');
    const relay = shop.relay({ pool: poolThatFails(db.pool, MARK) });
    await relay.start();
    await relay.close();
    shop.now += 5_000;
    await work({ signals: { orders: async () => ({ evict: [], push: [{ room: 'customer:1', keys: [['moved']] }] }) } });
    expect(shop.heard.map(({ keys }) => keys)).toEqual([[['orders']], [['moved']]]);
  });

  test('the second half of a transaction is not taken for a repetition of the first', async () => {
    const { shop, db, work } = fixture;
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

  test.each(['first_rows', MARK])(
    'a relay that lost the answer of the database (%s) goes on as soon as it is back, not when its claim ends',
    async (text) => {
      const { shop, db, rows } = fixture;
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
}
