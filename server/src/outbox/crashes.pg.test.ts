import { describe, expect, test, vi } from 'vitest';
import { keyOf, ownerOf, roomOf } from './order-signals.test.support.js';
import { useRelayScenes } from './relay-scene.test.support.js';
import { watchOrder } from './server-order.test.support.js';
import type { Point } from './stops.test.support.js';

const CUSTOMERS = [1, 2] as const;
/** Of a change that comes while a relay stands still. */
const LATER = 3;

const scenes = useRelayScenes();

/** What is done at each point, of two customers whose orders came in one transaction. */
const DONE: Readonly<
  Record<Point, { readonly evicted: number; readonly published: number; readonly marked: boolean }>
> = {
  claimed: { evicted: 0, published: 0, marked: false },
  evicting: { evicted: 0, published: 0, marked: false },
  evicted: { evicted: 2, published: 0, marked: false },
  'half published': { evicted: 2, published: 1, marked: false },
  published: { evicted: 2, published: 2, marked: false },
  'written down': { evicted: 2, published: 2, marked: true },
};
const POINTS = Object.keys(DONE) as Point[];

/** Pages full of what was before, a listener, and one transaction that concerns two customers. */
async function openCrash() {
  const scene = await scenes.open();
  const { broker, prefix } = scene.connected;
  const order = await watchOrder(scene.log);
  scene.afterwards(order.close);
  const customers = [...CUSTOMERS, LATER];
  const before = await Promise.all(customers.map(async (customer) => (await broker.read(roomOf(customer))).position));
  for (const customer of customers) expect(await scene.read(customer)).toBe(0);
  /** What whoever heard of a change read right then. */
  const told: Promise<readonly [customer: number, orders: number]>[] = [];
  for (const customer of customers) {
    await broker.subscribe(roomOf(customer), () => {
      told.push(scene.read(customer).then((orders) => [customer, orders]));
    });
  }
  const slow = await scene.readSlowly(1, 'slow');
  await scene.pool.query('INSERT INTO orders VALUES (1, 1), (2, 2)');

  async function doneBy() {
    const steps = await order.steps();
    const rows = await scene.rows();
    return {
      evicted: steps.filter((step) => step.startsWith('evict')).length,
      published: steps.filter((step) => step.startsWith('publish')).length,
      marked: rows.every((row) => row['published_at'] !== null),
    };
  }

  /** Nothing is lost, nothing was told before its cache was evicted, and nobody was told twice. */
  async function expectAllDone(customers: readonly number[]) {
    const steps = await order.steps();
    for (const customer of customers) {
      const publish = `publish ${prefix}{${roomOf(customer)}}`;
      expect(steps.filter((step) => step === publish)).toHaveLength(1);
      const evict = steps.indexOf(`evict ${ownerOf(customer)}`);
      expect(evict).toBeGreaterThanOrEqual(0);
      expect(evict).toBeLessThan(steps.indexOf(publish));
      const log = await broker.read(roomOf(customer), before[customers.indexOf(customer)]);
      expect(log).toMatchObject({ status: 'recovered', keys: [keyOf(customer)] });
      expect(await scene.read(customer)).toBe(1);
    }
    expect(await scene.read(1, 'slow')).toBe(1);
    await vi.waitUntil(() => told.length >= customers.length, 10_000);
    expect((await Promise.all(told)).sort()).toEqual(customers.map((customer) => [customer, 1]));
    for (const row of await scene.rows()) {
      expect(row).toMatchObject({ published_at: expect.any(Date), claimed_by: null, claimed_until: null, attempts: 0 });
    }
  }

  return { scene, slow, doneBy, expectAllDone };
}

describe.each(POINTS)('a relay that is killed (%s)', (point) => {
  test('leaves its rows to one that is at work, which does everything else meanwhile', async () => {
    const { scene, slow, doneBy, expectAllDone } = await openCrash();
    const killed = await scene.start({ stopAt: point });
    await killed.reached;
    expect(await doneBy()).toEqual(DONE[point]);
    const survivor = scene.relay();
    await survivor.start();
    await scene.pool.query(`INSERT INTO orders VALUES (${LATER}, ${LATER})`);
    await survivor.settled();
    const { evicted, published } = DONE[point];
    expect(await doneBy()).toMatchObject({ evicted: evicted + 1, published: published + 1 });
    await killed.kill();
    await Promise.all(CUSTOMERS.map((customer) => scene.read(customer)));
    await slow.finish();
    await scene.endClaims();
    await survivor.settled();
    await expectAllDone([...CUSTOMERS, LATER]);
  });

  test('leaves its rows to one that starts later', async () => {
    const { scene, slow, doneBy, expectAllDone } = await openCrash();
    const killed = await scene.start({ stopAt: point });
    await killed.reached;
    await killed.kill();
    expect(await doneBy()).toEqual(DONE[point]);
    await Promise.all(CUSTOMERS.map((customer) => scene.read(customer)));
    await slow.finish();
    await scene.endClaims();
    const next = scene.relay();
    await next.start();
    await next.settled();
    await expectAllDone(CUSTOMERS);
  });
});

test.each(['evicting', 'evicted', 'half published', 'published'] as const)(
  'a relay that hangs (%s) until another one has done its work changes nothing when it goes on',
  async (point) => {
    const { scene, slow, expectAllDone } = await openCrash();
    const hanging = await scene.start({ stopAt: point });
    await hanging.reached;
    hanging.pause();
    hanging.goOn();
    await scene.endClaims();
    const next = scene.relay();
    await next.start();
    await next.settled();
    await expectAllDone(CUSTOMERS);
    const rows = await scene.rows();
    hanging.resume();
    await hanging.settled();
    await slow.finish();
    await expectAllDone(CUSTOMERS);
    expect(await scene.rows()).toEqual(rows);
  },
);
