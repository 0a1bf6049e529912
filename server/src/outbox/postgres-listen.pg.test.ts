import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type PostgresServer, startPostgres } from '@querycast/test-servers';
import { Client, Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createShopTables, openBehind, type Shop } from './outbox.test.support.js';
import { OUTBOX_CHANNEL } from './outbox-table.js';
import { type PostgresListenOptions, postgresListen } from './postgres-listen.js';

/** A busy machine may take its time. */
const WAIT = { timeout: 15_000, interval: 5 };

/** The connection is not asked whether it lives: what a test waits for must come by itself. */
const UNCHECKED = { checkMs: 3_600_000 };

let server: PostgresServer;
let database: string;
let pool: Pool;
let shop: Shop;
let unlistens: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startPostgres();
});

beforeEach(async () => {
  database = await server.createDatabase();
  pool = new Pool({ connectionString: server.url(database) });
  pool.on('error', () => {});
  await createShopTables({ exec: (script) => pool.query(script) });
  shop = await openBehind({ pool }, ['customer:1', 'customer:2', 'customer:3']);
});

afterEach(async () => {
  await shop.close();
  await Promise.all(unlistens.map((unlisten) => unlisten()));
  unlistens = [];
  await pool.end();
});

afterAll(() => server.close());

const createClient = () =>
  new Client({ connectionString: server.url(database), connectionTimeoutMillis: 2_000, application_name: 'listener' });

/** Listens and counts how often it was woken. */
async function listening(options: Partial<PostgresListenOptions> = {}) {
  const wakes = { count: 0 };
  const unlisten = await postgresListen({ createClient, ...UNCHECKED, ...options })(() => {
    wakes.count += 1;
  });
  unlistens.push(unlisten);
  return { wakes, unlisten };
}

const listeners = async () => {
  const { rows } = await pool.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'listener'");
  return rows.map(({ pid }) => pid);
};

test('a commit of another process wakes the relay, a rollback announces nothing', async () => {
  const handled: number[] = [];
  const relay = shop.relay({ listen: postgresListen({ createClient, ...UNCHECKED }) });
  await relay.start();
  await relay.settled();
  await server.psql(database, 'BEGIN; INSERT INTO orders VALUES (100, 2); ROLLBACK');
  for (let order = 1; order <= 20; order += 1) {
    const before = performance.now();
    await pool.query(`INSERT INTO orders VALUES (${order}, 1)`);
    await vi.waitUntil(() => shop.heard.length === order, WAIT);
    handled.push(performance.now() - before);
  }
  await server.psql(database, 'INSERT INTO orders VALUES (200, 3)');
  await vi.waitUntil(() => shop.heard.length === 21, WAIT);
  expect(shop.heard.map(({ room }) => room)).not.toContain('customer:2');
  if (process.env['REPORT_TIMES']) console.log(handled.map((ms) => ms.toFixed(1)).join(' '));
});

test('a connection that is ended is made again, and wakes for what was missed', async () => {
  const counts = new Map<string, number>();
  const metrics = { count: (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1), gauge() {}, observe() {} };
  const { wakes } = await listening({ metrics });
  expect(wakes.count).toBe(1);
  const [pid] = await listeners();
  // Notified by nobody who listens: only the wake-up after listening again can tell.
  await pool.query(`SELECT pg_terminate_backend(${pid})`);
  await vi.waitUntil(() => wakes.count === 2, WAIT);
  await pool.query(`NOTIFY ${OUTBOX_CHANNEL}`);
  await vi.waitUntil(() => wakes.count === 3, WAIT);
  expect(counts.get('outbox_listens_lost_total')).toBe(1);
  // The one that was ended tells its client before it is gone.
  await vi.waitUntil(async () => (await listeners()).length === 1, WAIT);
});

test('other channels wake nobody', async () => {
  const { wakes } = await listening();
  await pool.query(`NOTIFY something_else`);
  await pool.query(`NOTIFY ${OUTBOX_CHANNEL}`);
  await vi.waitUntil(() => wakes.count === 2, WAIT);
  expect(() => postgresListen({ createClient, channel: 'a"; DROP TABLE orders; --' })).toThrow(RangeError);
});

test('the payload arrives, and none where some may have been missed', async () => {
  const payloads: (string | undefined)[] = [];
  const unlisten = await postgresListen({ createClient, ...UNCHECKED })((payload) => payloads.push(payload));
  unlistens.push(unlisten);
  await pool.query(`NOTIFY ${OUTBOX_CHANNEL}, 'of this'`);
  await pool.query(`NOTIFY ${OUTBOX_CHANNEL}`);
  await vi.waitUntil(() => payloads.length === 3, WAIT);
  await pool.query(`SELECT pg_terminate_backend(${(await listeners())[0]})`);
  await vi.waitUntil(() => payloads.length === 4, WAIT);
  expect(payloads).toEqual([undefined, 'of this', '', undefined]);
});

test('a link that has died silently is noticed and replaced', async () => {
  const link = await openLink();
  const through = () =>
    new Client({
      connectionString: server.url(database).replace(/:\d+\//, `:${link.port}/`),
      connectionTimeoutMillis: 2_000,
    });
  const { wakes } = await listening({ createClient: through, checkMs: 100, timeoutMs: 1_000 });
  link.freeze();
  const before = wakes.count;
  await vi.waitUntil(() => wakes.count > before);
  const replaced = wakes.count;
  await pool.query(`NOTIFY ${OUTBOX_CHANNEL}`);
  await vi.waitUntil(() => wakes.count > replaced);
  await link.close();
});

test('a server that is away at the start is found later, and closing does not wait for it', async () => {
  let port = 1;
  const elsewhere = () => new Client({ connectionString: server.url(database).replace(/:\d+\//, `:${port}/`) });
  const { wakes, unlisten } = await listening({ createClient: elsewhere });
  expect(wakes.count).toBe(0);
  port = server.port;
  await vi.waitUntil(() => wakes.count === 1, WAIT);
  await unlisten();
  await unlisten();
  expect(await listeners()).toEqual([]);

  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  port = typeof address === 'object' && address ? address.port : 0;
  const abandoned = postgresListen({ createClient: elsewhere, timeoutMs: 50 })(() => {});
  const stop = await abandoned;
  await stop();
  silent.close();
});

test.each(['fast', 'immediate'] as const)(
  'after a restart of the server (%s) relay and listener go on by themselves, and nothing is lost',
  async (mode) => {
    const relay = shop.relay({ listen: postgresListen({ createClient }), pollMs: 200 });
    await relay.start();
    await pool.query('INSERT INTO orders VALUES (1, 1)');
    await vi.waitUntil(() => shop.heard.length === 1, WAIT);
    // Committed while the relay cannot handle it, so that it is there before the fall and only after it for the relay.
    shop.brokerDown = true;
    await pool.query('INSERT INTO orders VALUES (2, 2)');
    await server.stop(mode);
    await expect(pool.query('INSERT INTO orders VALUES (4, 1)')).rejects.toThrow();
    shop.brokerDown = false;
    shop.now += 2_000;
    await server.start();
    await vi.waitUntil(() => shop.heard.length === 2, { timeout: 5_000, interval: 5 });
    await vi.waitUntil(async () => (await listeners()).length === 1, { timeout: 5_000, interval: 20 });
    await pool.query('INSERT INTO orders VALUES (3, 3)');
    await vi.waitUntil(() => shop.heard.length === 3, WAIT);
    expect(shop.heard.map(({ room }) => room)).toEqual(['customer:1', 'customer:2', 'customer:3']);
    // Heard comes before written down.
    await relay.settled();
    const { rows } = await pool.query('SELECT attempts, published_at FROM querycast_outbox');
    expect(rows.every((row) => row.attempts === 0 && row.published_at !== null)).toBe(true);
  },
);

/** A way to the server that can fall silent without ending any connection. */
async function openLink() {
  const sockets = new Set<Socket>();
  const gate: Server = createServer((near) => {
    const far = connect(server.port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(gate, 'listening');
  const address = gate.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    freeze() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      gate.close();
    },
  };
}
