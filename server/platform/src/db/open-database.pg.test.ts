import { inspect } from 'node:util';
import { silentLogger } from '@querycast/server';
import { captureSql } from '@querycast/server/postgres';
import { type PostgresServer, startPostgres } from '@querycast/test-servers';
import { sql } from 'drizzle-orm';
import { Client, defaults } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { StartError } from '../start-error.js';
import { CAPTURE_VERSION, capturedTables } from './captured-tables.js';
import type { Database } from './database.js';
import { loadDemoData } from './demo-data.js';
import { type DatabaseHandle, openDatabase } from './open-database.js';
import { subjects, users } from './schema.js';

const PASSWORD = 'not-to-be-shown';

let server: PostgresServer;
let database: string;
let handles: DatabaseHandle[] = [];

beforeAll(async () => {
  server = await startPostgres();
});

beforeEach(async () => {
  database = await server.createDatabase();
});

afterEach(async () => {
  await Promise.all(handles.map((handle) => handle.close()));
  handles = [];
});

afterAll(() => server.close());

async function open(options: Partial<Parameters<typeof openDatabase>[0]> = {}): Promise<DatabaseHandle> {
  const handle = await openDatabase({ url: server.url(database), ...options });
  handles.push(handle);
  return handle;
}

async function refusal(url: string): Promise<string> {
  const error = await openDatabase({ url }).then(
    () => undefined,
    (each: unknown) => each,
  );
  expect(error).toBeInstanceOf(StartError);
  const { message } = error as StartError;
  expect(message).toMatch(/^The database of DATABASE_URL cannot be used: [^\n]+\.$/);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(PASSWORD);
  return message.slice('The database of DATABASE_URL cannot be used: '.length);
}

test('three nodes that start at once on an empty database all succeed, and it is filled once', async () => {
  let running = 0;
  const filled: boolean[] = [];
  const fill = async (db: Database) => {
    running += 1;
    expect(running).toBe(1);
    filled.push(await loadDemoData(db));
    running -= 1;
  };
  const opened = await Promise.all([open({ fill }), open({ fill }), open({ fill })]);
  expect(filled.sort()).toEqual([false, false, true]);
  for (const { db } of opened) expect(await db.$count(users)).toBe(9);
  // The lock ends with the connection that prepared it.
  const { rows } = (await opened[0]?.pool.query("SELECT * FROM pg_locks WHERE locktype = 'advisory'")) ?? {
    rows: [{}],
  };
  expect(rows).toEqual([]);
});

test('a restart waits for no table, however long others hold theirs', async () => {
  await open({ fill: async (db) => void (await loadDemoData(db)) });
  const writer = await holding('BEGIN; UPDATE subject_enrollments SET is_active = is_active');
  await open();
  await writer.end();
});

test('a table of its own in the way of a change is waited for briefly, in one sentence; its triggers come back', async () => {
  await open();
  await server.psql(database, 'DROP TRIGGER querycast_capture ON subject_enrollments');
  const writer = await holding('BEGIN; LOCK TABLE subject_enrollments IN ROW EXCLUSIVE MODE');
  expect(await refusal(server.url(database))).toMatch(/^a table that must be changed is locked/);
  await writer.end();
  await open();
  await server.psql(database, 'ALTER TABLE student_profiles DISABLE TRIGGER querycast_capture');
  await open();
  const states =
    "SELECT tgrelid::regclass::text, tgenabled FROM pg_trigger WHERE tgname = 'querycast_capture' ORDER BY 1";
  const expected = capturedTables.map(({ table }) => `${table}|O`).sort();
  expect((await server.psql(database, states)).split('\n').sort()).toEqual(expected);
});

test('a node of before leaves what a newer one captures, says so, and takes its place only when told to', async () => {
  await open();
  const newer = captureSql({
    tables: [
      ...capturedTables.filter(({ table }) => table !== 'student_profiles'),
      { table: 'student_profiles', key: ['user_id'], columns: ['grade', 'school'] },
    ],
    version: CAPTURE_VERSION + 1,
  });
  await server.psql(database, 'ALTER TABLE student_profiles ADD COLUMN school text');
  await server.psql(database, newer);
  const captures = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'querycast%' AND prosrc LIKE '%school%'";
  const warnings: unknown[] = [];
  const logger = { ...silentLogger, warn: (fields: object, message: string) => void warnings.push([message, fields]) };
  await open({ logger });
  expect(await server.psql(database, captures)).toBe('1');
  const warning = expect.stringMatching(/^a newer version of what captures changes is installed/);
  expect(warnings).toEqual([['database warned', { warning }]]);
  await server.psql(database, 'COMMENT ON TABLE querycast_outbox IS NULL');
  await open({ logger });
  expect(await server.psql(database, captures)).toBe('0');
  expect(warnings).toHaveLength(1);
});

test('what is written with psql is captured, what is rolled back is not, and TRUNCATE is refused', async () => {
  const { pool, listen } = await open({ fill: async (db) => void (await loadDemoData(db)) });
  await pool.query('DELETE FROM querycast_outbox');
  let wakes = 0;
  const unlisten = await listen('querycast_outbox', () => {
    wakes += 1;
  });
  const insert = 'INSERT INTO subject_enrollments (student_id, subject_id, teacher_id) VALUES (3, 2, 6)';
  await server.psql(database, `BEGIN; ${insert}; ROLLBACK`);
  await server.psql(database, insert);
  await vi.waitUntil(() => wakes === 2);
  const { rows } = await pool.query('SELECT source, operation FROM querycast_outbox');
  expect(rows).toEqual([{ source: 'subject_enrollments', operation: 'insert' }]);
  await expect(server.psql(database, 'TRUNCATE material_progress')).rejects.toThrow('is refused');
  // Documented: how restores and logical replication write.
  await server.psql(database, 'SET session_replication_role = replica; DELETE FROM subject_enrollments');
  expect((await pool.query('SELECT id FROM querycast_outbox')).rows).toHaveLength(1);
  await unlisten();
});

test('why a database cannot be used is said in one sentence without its URL', async () => {
  const at = (name: string, user = 'postgres') => server.url(name).replace('postgres@', `${user}:${PASSWORD}@`);
  expect(await refusal(at('nowhere'))).toBe('there is no database of this name.');
  expect(await refusal(at(database).replace(/:\d+\//, ':1/'))).toBe('nothing listens at its address.');
  expect(await refusal(at(database).replace('127.0.0.1', 'no-such-host.invalid'))).toMatch(/^its host name /);
  expect(await refusal(`postgres://u:${PASSWORD}@[/x`)).toBe('the URL is not valid.');
  expect(await refusal(`${at(database)}?sslmode=verify-full`)).toBe('it offers no SSL, which the URL asks for.');

  expect(await refusal(`${at(database)}?sslmode=verify-full&sslrootcert=/no/such/file`)).toMatch(
    /^its socket, or a file/,
  );

  vi.stubEnv('PGUSER', undefined);
  const { user } = defaults;
  try {
    Object.assign(defaults, { user: undefined });
    const nameless = `postgres://127.0.0.1:${server.port}/${database}`;
    expect(await refusal(nameless)).toBe('the URL names no user, and this process runs as none.');
  } finally {
    Object.assign(defaults, { user });
    vi.unstubAllEnvs();
  }

  const other = await server.createDatabase();
  await server.psql(other, `ALTER DATABASE ${other} SET default_transaction_read_only = on`);
  expect(await refusal(at(other))).toBe('it is read-only.');

  await server.psql('postgres', `CREATE ROLE guest LOGIN`);
  expect(await refusal(at(database, 'guest'))).toBe('its user has no right to create tables in it.');

  const hba = await server.psql('postgres', 'SHOW hba_file');
  const rules = "('host all guest 127.0.0.1/32 scram-sha-256'), ('host all all 127.0.0.1/32 trust')";
  await server.psql('postgres', `COPY (VALUES ${rules}) TO '${hba}'; SELECT pg_reload_conf()`);
  await vi.waitUntil(async () => (await refusal(at(database, 'guest'))) === 'the password or the user is wrong.');
});

test('a connection that breaks inside a transaction harms that transaction only', async () => {
  const lost = { count: 0 };
  const metrics = {
    count(name: string) {
      if (name === 'database_connections_lost_total') lost.count += 1;
    },
    gauge() {},
    observe() {},
  };
  const { db } = await open({ metrics });
  for (let round = 0; round < 12; round += 1) {
    const broken = db.transaction(async (tx) => {
      await tx.insert(subjects).values({ name: 'Lost', color: '#000000' });
      const { rows } = (await tx.execute(sql`SELECT pg_backend_pid() AS pid`)) as unknown as {
        rows: { pid: number }[];
      };
      await server.psql(database, `SELECT pg_terminate_backend(${rows[0]?.pid})`);
      await tx.execute(sql`SELECT 1`);
    });
    await expect(broken).rejects.toThrow();
  }
  expect(lost.count).toBeGreaterThanOrEqual(12);
  expect(await db.$count(subjects)).toBe(0);
});

test('after a restart of the server idle connections and failed transactions leave the pool as it was', async () => {
  const { db } = await open();
  const ten = () =>
    Promise.allSettled(Array.from({ length: 15 }, () => db.transaction((tx) => tx.select().from(users))));
  await ten();
  await server.stop('immediate');
  expect((await ten()).every(({ status }) => status === 'rejected')).toBe(true);
  await server.start();
  expect((await ten()).map(({ status }) => status)).toEqual(Array(15).fill('fulfilled'));
});

test('a transaction that is not answered is given up, and its connection with it', async () => {
  // Preparing it takes longer than the answers below may.
  await open();
  // Shorter than the pool's own, through the URL as an operator would.
  const { db } = await open({ url: `${server.url(database)}?query_timeout=1000` });
  const asleep = Array.from({ length: 12 }, () => db.transaction((tx) => tx.execute(sql`SELECT pg_sleep(5)`)));
  expect((await Promise.allSettled(asleep)).map(({ status }) => status)).toEqual(Array(12).fill('rejected'));
  expect(await db.$count(users)).toBe(0);
});

test('a transaction that its own code ends badly is rolled back, and its connection is used again', async () => {
  const { db, pool } = await open();
  await pool.query('SELECT 1');
  const pids = new Set<unknown>();
  for (let round = 0; round < 3; round += 1) {
    const failing = db.transaction(async (tx) => {
      pids.add(
        ((await tx.execute(sql`SELECT pg_backend_pid() AS pid`)) as unknown as { rows: { pid: number }[] }).rows[0]
          ?.pid,
      );
      await tx.insert(subjects).values({ name: 'Lost', color: '#000000' });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
  }
  expect(pids.size).toBe(1);
  expect(await db.$count(subjects)).toBe(0);
});

test('requests that wait for each other hold up neither relay nor readiness, and are counted', async () => {
  const measured = new Map<string, number>();
  const metrics = { count() {}, gauge: (name: string, value: number) => void measured.set(name, value), observe() {} };
  const { db, pool, ping } = await open({ metrics });
  const holder = await holding('BEGIN; LOCK TABLE subjects IN EXCLUSIVE MODE');
  const requests = Array.from({ length: 14 }, (_, index) =>
    db.insert(subjects).values({ name: `Subject ${index}`, color: '#000000' }),
  );
  const stuck = Promise.all(requests);
  await vi.waitUntil(() => measured.get('database_pool_in_use') === 10, { timeout: 3_000 });
  expect(measured.get('database_pool_waiting')).toBe(4);
  await ping();
  expect((await pool.query('SELECT count(*)::int AS people FROM users')).rows).toEqual([{ people: 0 }]);
  await holder.end();
  await stuck;
});

test('each connection has its timeouts before anybody uses it, set by a statement as poolers demand', async () => {
  const { db, pool } = await open();
  const settings = `SELECT source, setting::int BETWEEN 5000 AND 15000 AS bounded FROM pg_settings
    WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout')`;
  const expected = Array(2).fill({ source: 'session', bounded: true });
  const ofRequests = await Promise.all(Array.from({ length: 10 }, () => db.execute(sql.raw(settings))));
  for (const { rows } of ofRequests as unknown as { rows: unknown[] }[]) expect(rows).toEqual(expected);
  expect((await pool.query(settings)).rows).toEqual(expected);
});

/** A connection with a transaction that stays open. */
async function holding(script: string): Promise<Client> {
  const client = new Client({ connectionString: server.url(database) });
  await client.connect();
  await client.query(script);
  return client;
}
