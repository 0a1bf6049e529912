import { type PostgresServer, startPostgres } from '@querycast/test-servers';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createShopTables, openBehind } from './outbox.test.support.js';
import { createRelay } from './relay.js';
import { startRelayProcess } from './relay-process.test.support.js';
import { createGate } from './shop-fixture.test.support.js';

let server: PostgresServer;
let pool: Pool;
let connectionString: string;

beforeAll(async () => {
  server = await startPostgres();
  connectionString = server.url(await server.createDatabase());
  pool = new Pool({ connectionString });
  await createShopTables({ exec: (script) => pool.query(script) });
});

afterAll(async () => {
  await pool.end();
  await server.close();
});

test('the rows of a process that was killed in the middle of a pass are published by another one within ten seconds', async () => {
  await pool.query('INSERT INTO orders VALUES (1, 1)');
  const killed = await startRelayProcess(connectionString);
  const shop = await openBehind({ pool }, ['customer:1']);
  const { reached, enter, open } = createGate();
  open();
  const { cache, publisher } = shop;
  const survivor = createRelay({
    pool,
    cache,
    publisher: { invalidate: (...args) => enter().then(() => publisher.invalidate(...args)) },
    signals: { orders: async () => ({ evict: [], push: [{ room: 'customer:1', keys: [['orders']] }] }) },
  });
  try {
    await survivor.start();
    await survivor.settled();
    expect(shop.asked).toEqual([]);
    await killed.kill();
    const killedAt = performance.now();
    await reached;
    expect(performance.now() - killedAt).toBeLessThan(10_000);
    await survivor.settled();
    expect(shop.heard).toEqual([{ room: 'customer:1', keys: [['orders']] }]);
  } finally {
    await killed.kill();
    await survivor.close();
    await shop.close();
  }
}, 20_000);
