import { canonicalForm } from '@querycast/protocol';
import { expect, test, vi } from 'vitest';
import { keyOf, roomOf } from './order-signals.test.support.js';
import { type RelayScene, useRelayScenes } from './relay-scene.test.support.js';

/** `BACKLOG_ROWS=100000` for the size that `docs/operations.md` tells of. */
const ROWS = Number(process.env['BACKLOG_ROWS'] ?? 5_000);
const CUSTOMERS = 1_000;
/** Of a change that nobody else is concerned by. */
const FRESH = 1_000_000;
const TEST_MS = 60_000 + 20 * ROWS;
const PATIENT = { timeout: TEST_MS, interval: 50 };

/** However many rows wait, in bytes. */
const MOST_GROWTH = 150e6;

/** The batch under way when it was committed, one of the oldest, and one that is still being finished beside the others. */
const MOST_BATCHES_BEFORE = 3;

const scenes = useRelayScenes();

const SHAPES = [
  ['each a transaction of its own', 'n'],
  ['ten to a transaction', 'n / 10'],
  ['all of one transaction', '0'],
] as const;

test.each(SHAPES)(
  'a backlog leaves whole and in bounded memory, and a new change does not wait for it: rows %s',
  async (shape, transaction) => {
    const scene = await scenes.open();
    // Nothing is tidied away before it was looked at.
    const relay = await scene.start({ relay: { replayMs: TEST_MS } });
    await relay.settled();
    await scene.pool.query(
      `INSERT INTO querycast_outbox (tx, source, operation, new)
       SELECT 'backlog ' || (${transaction}), 'orders', 'insert', json_build_object('id', n, 'customer', n % ${CUSTOMERS})
       FROM generate_series(1, ${ROWS}) AS n`,
    );
    const startedAt = performance.now();
    await untilCounts(scene, 'published_at IS NOT NULL', (rows) => rows > 0);
    await scene.pool.query(`INSERT INTO orders VALUES (${FRESH}, ${FRESH})`);
    // A busy machine may take its time between the beginning of the transaction, which the row tells, and its end.
    const { rows: committed } = await scene.pool.query('SELECT clock_timestamp()::text AS at');
    await untilCounts(scene, 'published_at IS NULL', (rows) => rows === 0);
    const seconds = (performance.now() - startedAt) / 1_000;

    expect(await logged(scene, FRESH)).toEqual([canonicalForm(keyOf(FRESH))]);
    for (let customer = 0; customer < CUSTOMERS; customer += 1) {
      expect(await logged(scene, customer)).toEqual(ordersOf(customer));
    }
    const before = await batchesBeforeFresh(scene, committed[0].at);
    expect(before.batches).toBeLessThanOrEqual(MOST_BATCHES_BEFORE);
    const { idleRss, peakRss } = await relay.memory();
    expect(peakRss - idleRss).toBeLessThan(MOST_GROWTH);
    if (process.env['BACKLOG_ROWS'] === undefined) return;
    const memory = `${Math.round(idleRss / 1e6)} MB, ${Math.round(peakRss / 1e6)} at most`;
    const fresh = `a new one after ${(before.ms / 1_000).toFixed(1)} s`;
    console.log(`${ROWS} rows, ${shape}: ${Math.round(ROWS / seconds)} a second, ${fresh}, memory ${memory}`);
  },
  TEST_MS,
);

async function untilCounts({ pool }: RelayScene, condition: string, isEnough: (rows: number) => boolean) {
  const statement = `SELECT count(*)::int AS count FROM querycast_outbox WHERE ${condition}`;
  await vi.waitUntil(async () => isEnough((await pool.query(statement)).rows[0].count), PATIENT);
}

/** What was announced to a customer, in one order. */
async function logged({ connected: { broker } }: RelayScene, customer: number): Promise<string[]> {
  const [epoch] = (await broker.read(roomOf(customer))).position.split(':');
  const { status, keys } = await broker.read(roomOf(customer), `${epoch}:0`);
  expect(status).toBe('recovered');
  return keys.map(canonicalForm).sort();
}

function ordersOf(customer: number): string[] {
  const keys: string[] = [];
  for (let order = customer || CUSTOMERS; order <= ROWS; order += CUSTOMERS) keys.push(canonicalForm(keyOf(order)));
  return keys.sort();
}

/** How many batches were written down between the new change, once committed, and its own, and how long that took in all. */
async function batchesBeforeFresh(
  { pool }: RelayScene,
  committedAt: string,
): Promise<{ readonly batches: number; readonly ms: number }> {
  const { rows } = await pool.query(
    `
    WITH fresh AS (SELECT created_at, published_at FROM querycast_outbox WHERE tx NOT LIKE 'backlog %')
    SELECT count(DISTINCT outbox.published_at)::int AS batches,
      (extract(epoch FROM fresh.published_at - fresh.created_at) * 1000)::float8 AS ms
    FROM fresh LEFT JOIN querycast_outbox AS outbox
      ON outbox.published_at > $1::timestamptz AND outbox.published_at < fresh.published_at
    GROUP BY fresh.created_at, fresh.published_at`,
    [committedAt],
  );
  return rows[0];
}
