import { expect, test, vi } from 'vitest';
import { keyOf, roomOf } from './order-signals.test.support.js';
import { type RelayScene, useRelayScenes } from './relay-scene.test.support.js';

const CUSTOMERS = [1, 2, 3];
/** Looking often, as several relays on one outbox do together. */
const BUSY = { batchSize: 5, pollMs: 20 };
const WITHIN = { timeout: 20_000, interval: 20 };

const scenes = useRelayScenes();

/** Listens to everybody; tells how often each order was announced to its customer. */
async function listen({ connected: { broker } }: RelayScene): Promise<Map<string, number>> {
  const heard = new Map<string, number>();
  for (const customer of CUSTOMERS) {
    await broker.subscribe(roomOf(customer), ({ room, keys }) => {
      for (const key of keys) heard.set(`${room} ${key.join()}`, (heard.get(`${room} ${key.join()}`) ?? 0) + 1);
    });
  }
  return heard;
}

async function untilPublished({ pool }: RelayScene, rows: number): Promise<void> {
  const published = 'SELECT count(*)::int AS count FROM querycast_outbox WHERE published_at IS NOT NULL';
  await vi.waitUntil(async () => (await pool.query(published)).rows[0].count === rows, WITHIN);
}

test('of two relays that work on the same outbox one is killed in the middle of a pass: each change is told once', async () => {
  const scene = await scenes.open();
  const heard = await listen(scene);
  const killed = await scene.start({ stopAt: 'half published', nth: 3, relay: BUSY });
  const survivor = await scene.start({ relay: BUSY });
  let orders = 0;
  /** Transactions of an order each, of two customers in turn, so that every pass has several envelopes. */
  async function write(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      orders += 1;
      await scene.pool.query('INSERT INTO orders VALUES ($1, $2)', [orders, CUSTOMERS[orders % CUSTOMERS.length]]);
    }
  }
  let isReached = false;
  void killed.reached.then(() => {
    isReached = true;
  });
  // However the two share the work: until the one has come to its point.
  await Promise.all([1, 2, 3].map(() => write(() => isReached && orders >= 200)));
  await killed.kill();
  const before = orders;
  await write(() => orders >= before + 50);
  const { rows: held } = await scene.pool.query('SELECT id FROM querycast_outbox WHERE claimed_by IS NOT NULL');
  expect(held.length).toBeGreaterThan(0);
  await scene.endClaims();
  await untilPublished(scene, orders);
  await survivor.settled();
  const expected = Array.from({ length: orders }, (_, index) => {
    const order = index + 1;
    return [`${roomOf(CUSTOMERS[order % CUSTOMERS.length] ?? 0)} ${keyOf(order).join()}`, 1];
  });
  await vi.waitUntil(() => heard.size === orders, WITHIN);
  expect(Object.fromEntries(heard)).toEqual(Object.fromEntries(expected));
}, 60_000);

test('a transaction that commits late, with lower ids than what a relay published that is gone, is not missed', async () => {
  const scene = await scenes.open();
  const heard = await listen(scene);
  const late = await scene.pool.connect();
  try {
    await late.query('BEGIN; INSERT INTO orders VALUES (1, 1)');
    await scene.pool.query('INSERT INTO orders VALUES (2, 2)');
    const killed = await scene.start({ stopAt: 'written down' });
    await killed.reached;
    await killed.kill();
    const next = await scene.start();
    await next.settled();
    expect([...heard.keys()]).toEqual([`${roomOf(2)} ${keyOf(2).join()}`]);
    await late.query('COMMIT');
    await next.settled();
    await vi.waitUntil(() => heard.size === 2, WITHIN);
    const rows = await scene.rows();
    expect(rows.map((row) => (row['new'] as { id: number }).id)).toEqual([1, 2]);
    expect(rows.every((row) => row['published_at'] !== null)).toBe(true);
    expect([...heard.values()]).toEqual([1, 1]);
  } finally {
    late.release();
  }
});
