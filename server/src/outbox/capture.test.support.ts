import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { recordCall } from './call.js';
import { captureSql } from './capture.js';
import { SCRIPT_VERSION } from './install.js';
import { OUTBOX_CHANNEL } from './outbox-table.js';
import type { OpenTestDatabase, TestDatabase } from './test-database.test.support.js';

const LONG_NAME = `a_${'long_'.repeat(11)}name`;
const TABLES = [
  { table: 'orders', key: ['id'], columns: ['customer', 'note', 'extra'] },
  { table: 'shop.Lines', key: ['order_id', 'line'], columns: ['Amount'] },
  { table: LONG_NAME, key: ['id'], columns: [] },
  { table: `${LONG_NAME}2`, key: ['id'], columns: [] },
];

/** What the capture of changes promises on every database. */
export function captureConformance(open: OpenTestDatabase): void {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await open();
    await db.exec(`
    CREATE TABLE orders (id int PRIMARY KEY, customer int, note text, extra json, secret text);
    CREATE SCHEMA shop;
    CREATE TABLE shop."Lines" (order_id int REFERENCES orders ON DELETE CASCADE, line int, "Amount" numeric, PRIMARY KEY (order_id, line));
    CREATE TABLE ${LONG_NAME} (id int PRIMARY KEY);
    CREATE TABLE ${LONG_NAME}2 (id int PRIMARY KEY);
  `);
    await db.exec(captureSql({ tables: TABLES }));
  }, 60_000);

  beforeEach(async () => {
    await db.exec('DELETE FROM orders; DELETE FROM public.querycast_outbox');
  });

  afterAll(() => db.close());

  async function captured(): Promise<unknown[]> {
    const { rows } = await db.query(
      'SELECT source, operation, old, new FROM public.querycast_outbox ORDER BY public.querycast_outbox.id',
    );
    return rows;
  }

  test('an insert, an update and a delete are captured with the listed columns and no other', async () => {
    await db.exec(`INSERT INTO orders VALUES (1, 7, 'first', '{"a":1}', 'hush')`);
    await db.exec(`UPDATE orders SET customer = 8`);
    await db.exec(`DELETE FROM orders`);

    const first = { id: 1, customer: 7, note: 'first', extra: { a: 1 } };
    expect(await captured()).toEqual([
      { source: 'orders', operation: 'insert', old: null, new: first },
      { source: 'orders', operation: 'update', old: first, new: { ...first, customer: 8 } },
      { source: 'orders', operation: 'delete', old: { ...first, customer: 8 }, new: null },
    ]);
  });

  test('an update that changes no listed column is not captured', async () => {
    await db.exec(`INSERT INTO orders VALUES (1, 7, NULL, '{}', 'a'); DELETE FROM public.querycast_outbox`);
    await db.exec(`UPDATE orders SET secret = 'b'; UPDATE orders SET customer = 7, note = NULL`);
    expect(await captured()).toEqual([]);
    await db.exec(`UPDATE orders SET note = ''`);
    expect(await captured()).toHaveLength(1);
  });

  test('rows deleted by a cascade are captured, in quoted tables of another schema too', async () => {
    await db.exec(`INSERT INTO orders VALUES (1); INSERT INTO shop."Lines" VALUES (1, 2, 3.50)`);
    await db.exec('DELETE FROM public.querycast_outbox; DELETE FROM orders');
    expect(await captured()).toContainEqual({
      source: 'shop.Lines',
      operation: 'delete',
      old: { order_id: 1, line: 2, Amount: 3.5 },
      new: null,
    });
  });

  test('a rolled back write leaves nothing, a rolled back savepoint only its own part', async () => {
    await db.exec('BEGIN; INSERT INTO orders VALUES (1); ROLLBACK');
    expect(await captured()).toEqual([]);
    await db.exec(
      'BEGIN; INSERT INTO orders VALUES (1); SAVEPOINT s; INSERT INTO orders VALUES (2); ROLLBACK TO s; INSERT INTO orders VALUES (3); COMMIT',
    );
    const { rows } = await db.query(
      `SELECT array_agg((new->>'id')::int ORDER BY id) AS ids, count(DISTINCT tx)::int AS transactions FROM public.querycast_outbox`,
    );
    expect(rows).toEqual([{ ids: [1, 3], transactions: 1 }]);
  });

  test('truncating a captured table is refused, directly and by cascade', async () => {
    await db.exec('INSERT INTO orders VALUES (1)');
    await expect(db.exec('TRUNCATE shop."Lines"')).rejects.toThrow('TRUNCATE of Lines is refused');
    await expect(db.exec('TRUNCATE orders CASCADE')).rejects.toThrow('is refused');
    expect((await db.query('SELECT id FROM orders')).rows).toHaveLength(1);
  });

  test('a writer without rights on the outbox, with a search path of its own, is captured all the same', async () => {
    await db.exec('CREATE ROLE writer; GRANT SELECT, INSERT ON orders TO writer');
    try {
      await db.exec(`SET ROLE writer; SET search_path = pg_temp; INSERT INTO public.orders VALUES (5)`);
      await expect(db.query('SELECT * FROM public.querycast_outbox')).rejects.toThrow('permission denied');
    } finally {
      await db.exec('RESET ROLE; RESET search_path');
    }
    expect(await captured()).toHaveLength(1);
  });

  test('nobody else can put a capturing trigger on a table of their own, and forge changes with it', async () => {
    await db.exec('CREATE ROLE forger; CREATE SCHEMA den AUTHORIZATION forger');
    try {
      await db.exec('SET ROLE forger; CREATE TABLE den.orders (id int, customer int, note text, extra json)');
      const forge = db.exec(
        'CREATE TRIGGER forge AFTER INSERT ON den.orders FOR EACH ROW EXECUTE FUNCTION public.querycast_capture_orders()',
      );
      await expect(forge).rejects.toThrow('permission denied for function');
    } finally {
      await db.exec('RESET ROLE');
    }
  });

  test('running the script again changes nothing and captures once', async () => {
    await db.exec(captureSql({ tables: TABLES }));
    await db.exec('INSERT INTO orders VALUES (1)');
    expect(await captured()).toHaveLength(1);
  });

  test('running the script again asks for no table that others write to', async () => {
    await db.transaction(async (transaction) => {
      await transaction.exec(captureSql({ tables: TABLES }));
      const { rows } = await transaction.query(
        "SELECT relation::regclass::text, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation IN ('orders'::regclass, 'querycast_outbox'::regclass)",
      );
      expect(rows).toEqual([]);
    });
  });

  test('a script with another list takes its place, and the first one again', async () => {
    const [orders, ...others] = TABLES;
    await db.exec(captureSql({ tables: [{ table: 'orders', key: ['id'], columns: ['secret'] }, ...others] }));
    await db.exec(`INSERT INTO orders VALUES (1, 7, NULL, NULL, 'seen')`);
    expect(await captured()).toMatchObject([{ new: { id: 1, secret: 'seen' } }]);
    await db.exec(captureSql({ tables: orders ? [orders, ...others] : others }));
    await db.exec(`UPDATE orders SET secret = 'hidden'`);
    expect(await captured()).toHaveLength(1);
  });

  test('a script never takes the place of one with a higher version, but of all others', async () => {
    const [, ...others] = TABLES;
    const install = async (version: number, column: string, script = (sql: string) => sql) => {
      const orders = { table: 'orders', key: ['id'], columns: [column] };
      await db.exec(script(captureSql({ tables: [orders, ...others], version })));
      await db.exec('DELETE FROM orders; DELETE FROM public.querycast_outbox');
      await db.exec(`INSERT INTO orders VALUES (1, 7, 'said', NULL, 'seen')`);
      const { rows } = await db.query('SELECT new FROM public.querycast_outbox');
      return Object.keys(rows[0]?.['new'] ?? {}).find((each) => each !== 'id');
    };
    expect(await install(9, 'note')).toBe('note');
    expect(await install(8, 'secret')).toBe('note');
    expect(await install(10, 'secret')).toBe('secret');
    expect(await install(9, 'note')).toBe('secret');
    expect(await install(10, 'note')).toBe('note');
    // As a later release of the library would mark it.
    const later = (sql: string) => sql.replaceAll(`querycast ${SCRIPT_VERSION}.10`, 'querycast 999.10');
    expect(await install(10, 'secret', later)).toBe('secret');
    expect(await install(11, 'note')).toBe('secret');
    await db.exec('COMMENT ON TABLE public.querycast_outbox IS NULL');
    expect(await install(0, 'note')).toBe('note');
    await db.exec(captureSql({ tables: TABLES }));
  });

  test('an outbox of an earlier version gets the columns it lacks, and keeps its rows', async () => {
    await db.exec(`INSERT INTO orders VALUES (1, 7, NULL, '{}', 'a')`);
    await db.exec(`ALTER TABLE public.querycast_outbox DROP COLUMN late, DROP COLUMN evicted`);
    await db.exec(`COMMENT ON TABLE public.querycast_outbox IS 'querycast of before'`);
    await db.exec(captureSql({ tables: TABLES }));
    const { rows } = await db.query('SELECT late, evicted FROM public.querycast_outbox');
    expect(rows).toEqual([{ late: false, evicted: false }]);
  });

  test('a table that was made anew, or whose trigger was disabled, is captured again after the script', async () => {
    await db.exec(`DROP TABLE ${LONG_NAME}; CREATE TABLE ${LONG_NAME} (id int PRIMARY KEY)`);
    await db.exec('ALTER TABLE orders DISABLE TRIGGER querycast_capture');
    await db.exec(captureSql({ tables: TABLES }));
    await db.exec(`INSERT INTO ${LONG_NAME} VALUES (9); INSERT INTO orders VALUES (9)`);
    expect(await captured()).toMatchObject([{ source: LONG_NAME }, { source: 'orders' }]);
  });

  test('tables with long names that begin alike are captured under their own names', async () => {
    await db.exec(`INSERT INTO ${LONG_NAME} VALUES (1); INSERT INTO ${LONG_NAME}2 VALUES (1)`);
    expect(await captured()).toMatchObject([{ source: LONG_NAME }, { source: `${LONG_NAME}2` }]);
  });

  test('a transaction of many changes notifies once, at its commit', async () => {
    const notified: string[] = [];
    const unlisten = await db.listen(OUTBOX_CHANNEL, (payload) => notified.push(payload));
    await db.exec('BEGIN; INSERT INTO orders VALUES (1); INSERT INTO orders VALUES (2), (3); ROLLBACK');
    expect(notified).toEqual([]);
    await db.exec('BEGIN; INSERT INTO orders VALUES (1); INSERT INTO orders VALUES (2), (3); COMMIT');
    expect(notified).toEqual(['']);
    await unlisten();
  });

  test('an explicit call belongs to the transaction that records it', async () => {
    await db.transaction(async (transaction) => {
      await recordCall(transaction, 'order-shown', { customer: 7 });
      await transaction.rollback();
    });
    expect(await captured()).toEqual([]);
    await db.transaction((transaction) => recordCall(transaction, 'order-shown', { customer: 7 }));
    expect(await captured()).toEqual([{ source: 'order-shown', operation: 'call', old: null, new: { customer: 7 } }]);
  });
}
