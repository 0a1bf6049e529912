import { type PostgresServer, startPostgres } from '@querycast/test-servers';
import { Client, Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ClaimScope, claim } from './claim.js';
import { createShopTables, openBehind, type Shop } from './outbox.test.support.js';
import { prune } from './settle.js';
import type { SqlPool } from './sql-pool.js';

const ROOMS = ['customer:1', 'customer:2', 'customer:3'] as const;

let server: PostgresServer;
let connectionString: string;
let writer: Client;
let pool: Pool;
let shop: Shop;

beforeAll(async () => {
  server = await startPostgres();
});

beforeEach(async () => {
  connectionString = server.url(await server.createDatabase());
  writer = new Client({ connectionString });
  await writer.connect();
  await createShopTables({ exec: (script) => writer.query(script) });
  pool = new Pool({ connectionString });
  shop = await openBehind({ pool }, ROOMS);
});

afterEach(async () => {
  await shop.close();
  await Promise.all([writer.end(), pool.end()]);
});

afterAll(() => server.close());

async function countOf(condition: string): Promise<number> {
  const { rows } = await writer.query(`SELECT count(*)::int AS count FROM querycast_outbox WHERE ${condition}`);
  return rows[0].count;
}

test('several relays beside several writers publish one envelope per transaction and room, and none twice', async () => {
  const TRANSACTIONS = 500;
  const relays = Array.from({ length: 4 }, () => shop.relay({ batchSize: 7 }));
  const write = async (from: number, to: number) => {
    for (let index = from; index < to; index += 1) {
      // Two rows for the first room and one for the second, from two tables.
      const [a, b] = [1 + (index % 3), 1 + ((index + 1) % 3)];
      await pool.query(
        `WITH o AS (INSERT INTO orders VALUES (${index}, ${a}), (${index + 1_000}, ${b})) INSERT INTO lines VALUES (${index}, ${a})`,
      );
      for (const relay of relays) relay.wake();
    }
  };
  // A backlog, so that all relays reach for the same rows from the beginning.
  await Promise.all([write(0, 125), write(125, 250)]);
  await Promise.all(relays.map((relay) => relay.start()));
  await Promise.all([write(250, 375), write(375, TRANSACTIONS)]);
  await Promise.all(relays.map((relay) => relay.settled()));
  await Promise.all(relays.map((relay) => relay.close()));
  expect(await countOf('published_at IS NULL')).toBe(0);
  expect(shop.asked).toHaveLength(TRANSACTIONS * 2);
  expect(shop.heard).toHaveLength(TRANSACTIONS * 2);
  expect(shop.heard.filter(({ keys }) => keys.length === 2)).toHaveLength(TRANSACTIONS);
}, 60_000);

test('a transaction that commits late, with lower ids than what was published since, is not missed', async () => {
  const relay = shop.relay();
  await relay.start();
  await writer.query('BEGIN; INSERT INTO orders VALUES (1, 1)');
  await pool.query('INSERT INTO orders VALUES (2, 2)');
  await relay.settled();
  expect(shop.heard.map(({ room }) => room)).toEqual(['customer:2']);
  await writer.query('COMMIT');
  await relay.settled();
  expect(shop.heard.map(({ room }) => room)).toEqual(['customer:2', 'customer:1']);
  const { rows } = await writer.query("SELECT new->>'id' AS id FROM querycast_outbox ORDER BY id");
  expect(rows).toEqual([{ id: '1' }, { id: '2' }]);
});

test('rows that somebody holds are passed over, not waited for', async () => {
  await pool.query('INSERT INTO orders VALUES (1, 1)');
  await pool.query('INSERT INTO orders VALUES (2, 2)');
  await writer.query('BEGIN; SELECT id FROM querycast_outbox ORDER BY id LIMIT 1 FOR UPDATE');
  const relay = shop.relay();
  await relay.start();
  await relay.settled();
  expect(shop.heard.map(({ room }) => room)).toEqual(['customer:2']);
  await writer.query('ROLLBACK');
  await relay.settled();
  expect(shop.heard.map(({ room }) => room)).toEqual(['customer:2', 'customer:1']);
});

test('relays that make the same rows due again at the same moment do not end each other', async () => {
  await pool.query('INSERT INTO orders SELECT each, 1 + each % 3 FROM generate_series(1, 2000) AS each');
  const relays = Array.from({ length: 4 }, () => shop.relay({ broker: shop.broker }));
  await Promise.all(relays.map((relay) => relay.start()));
  await Promise.all(relays.map((relay) => relay.settled()));
  for (let round = 0; round < 3; round += 1) {
    await shop.replaceBroker();
    shop.reviveBroker();
    await Promise.all(relays.map((relay) => relay.settled()));
    await Promise.all(relays.map((relay) => relay.settled()));
  }
  expect([...shop.counts.keys()].filter((name) => name.startsWith('relay_errors_total'))).toEqual([]);
  // One transaction, three rooms: once, and once more for each broker.
  expect(shop.heard).toHaveLength(3 * 4);
});

test.each([
  ['a claim reads the head of a long backlog only', 'NULL', claimTen('all')],
  ['a claim of the newest reads the end of a long backlog only', 'NULL', claimTen('all', true)],
  ['a claim while the broker is away reads none of what waits for it', 'NULL', claimTen('unevicted')],
  ['a claim in the pauses of an outage reads none of what waits for its end', 'NULL', claimTen('fresh')],
  ['pruning reads none of the rows that are kept', 'now()', (database: SqlPool) => prune(database, 60_000, undefined)],
])('%s', async (_, publishedAt, run) => {
  await writer.query(`
    INSERT INTO querycast_outbox (tx, source, operation, new, published_at, late, evicted)
    SELECT (100 + n / 2)::text, 'orders', 'insert', '{"customer":1}', ${publishedAt}, n <= 20000, n <= 20000
    FROM generate_series(1, 20020) AS n`);
  // Inside a transaction, the statistics are its own.
  await writer.query('BEGIN');
  await run({ query: (text, params) => writer.query(text, params) });
  const { rows } = await writer.query(`
    SELECT (SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) FROM pg_index WHERE indrelid = 'querycast_outbox'::regclass)::int
      + pg_stat_get_xact_tuples_returned('querycast_outbox'::regclass)::int AS read`);
  await writer.query('ROLLBACK');
  expect(rows[0].read).toBeLessThan(1_000);
  expect(await blocksOf(run)).toBeLessThan(500);
});

test('a claim of the rest of a huge transaction looks at each of its rows a few times, not at all of them for each', async () => {
  await writer.query(`
    INSERT INTO querycast_outbox (tx, source, operation, new, claimed_until)
    SELECT '100', 'orders', 'insert', '{"customer":1}', CASE WHEN n <= 8000 THEN now() + interval '1 hour' END
    FROM generate_series(1, 16000) AS n`);
  expect(await blocksOf(claimTen('all'))).toBeLessThan(20 * 16_000);
});

/** How many blocks its statements look at: they alone tell what a scan passes over within an index. */
async function blocksOf(run: (database: SqlPool) => Promise<void>): Promise<number> {
  let blocks = 0;
  await run({
    async query(text, params) {
      await writer.query('BEGIN');
      const { rows } = await writer.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, params);
      const { Plan: plan } = rows[0]['QUERY PLAN'][0];
      blocks += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
      await writer.query('ROLLBACK');
      return writer.query(text, params);
    },
  });
  return blocks;
}

function claimTen(scope: ClaimScope, newestFirst = false) {
  return async (database: SqlPool) => {
    const request = {
      relay: 'this',
      batchSize: 10,
      claimMs: 1_000,
      scope,
      newestFirst,
      sources: ['orders'],
      now: undefined,
    };
    expect(await claim(database, request)).not.toEqual([]);
  };
}
