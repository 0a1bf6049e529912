import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureSql } from '@querycast/server/postgres';
import { type PostgresServer, type RedisServer, startPostgres, startRedis } from '@querycast/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capturedTables } from './db/captured-tables.js';
import { readDatabaseIdentity } from './db/database-identity.js';
import { type DatabaseHandle, openDatabase } from './db/open-database.js';
import { RIGHTS_CHANNEL } from './rights/rights-hints.js';

const OPERATIONS = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

let postgres: PostgresServer;
let redis: RedisServer;
let database: DatabaseHandle;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  for (const statement of block('sql', 'owner')) await postgres.psql('postgres', statement);
  const url = new URL(postgres.url('querycast'));
  url.username = 'querycast';
  url.password = 'PASSWORD';
  database = await openDatabase({ url: url.href });
});
afterAll(async () => {
  await database?.close();
  await Promise.all([postgres.close(), redis.close()]);
});

test('the documented owner is no superuser, and all that a start needs', async () => {
  const { rows } = await database.pool.query(
    'SELECT current_user AS name, usesuper FROM pg_user WHERE usename = current_user',
  );
  expect(rows).toEqual([{ name: 'querycast', usesuper: false }]);
  expect(await postgres.psql('querycast', 'SELECT count(*) FROM public.querycast_outbox')).toBe('0');
});

test('the documented questions find what waits and what is set aside, and the repair frees it', async () => {
  await database.pool.query(`INSERT INTO querycast_outbox (source, operation) VALUES ('waiting', 'call')`);
  await database.pool.query(
    `INSERT INTO querycast_outbox (source, operation, set_aside_at, attempts, last_error)
     VALUES ('poison', 'call', now(), 8, 'no such signal')`,
  );
  const [pending = '', poison = ''] = block('sql', 'outbox');
  expect(await postgres.psql('querycast', pending)).toMatch(/^1\|/);
  expect(await postgres.psql('querycast', poison)).toMatch(/\|poison\|8\|no such signal$/);
  for (const statement of block('sql', 'retry')) await postgres.psql('querycast', statement);
  expect(await postgres.psql('querycast', poison)).toBe('');
  expect(await postgres.psql('querycast', pending)).toMatch(/^2\|/);
});

test('the documented statement gives a copy of a database another name', async () => {
  const before = await readDatabaseIdentity(database.db);
  for (const statement of block('sql', 'copy')) await postgres.psql('querycast', statement);
  const after = await readDatabaseIdentity(database.db);
  expect(after).toMatch(/^[0-9a-f-]{36}$/);
  expect(after).not.toBe(before);
});

test('the documented statement forgets wrong passwords', async () => {
  await database.pool.query(`INSERT INTO password_attempts VALUES ('key', 10, now() + '1 h')`);
  for (const statement of block('sql', 'attempts')) await postgres.psql('querycast', statement);
  expect(await postgres.psql('querycast', 'SELECT count(*) FROM password_attempts')).toBe('0');
});

test('a captured table refuses TRUNCATE, and hears nothing of a replica', async () => {
  await expect(postgres.psql('querycast', 'TRUNCATE subject_enrollments')).rejects.toThrow('TRUNCATE');
  const captured = () =>
    postgres.psql('querycast', `SELECT count(*) FROM querycast_outbox WHERE source = 'student_profiles'`);
  const insert = (email: string) =>
    `WITH person AS (INSERT INTO users (email, password_hash, role, first_name, last_name)
       VALUES ('${email}', 'x', 'student', 'A', 'B') RETURNING id)
     INSERT INTO student_profiles (user_id, grade) SELECT id, 7 FROM person;`;
  await postgres.psql('querycast', `SET session_replication_role = replica; ${insert('replica@test')}`);
  expect(await captured()).toBe('0');
  await postgres.psql('querycast', insert('origin@test'));
  expect(await captured()).toBe('1');
});

test.each(['log', 'cache'])('a Redis accepts every documented command of the %s', async (name) => {
  const commands = block('sh', name);
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) {
    const [program, ...args] = words(command);
    expect(program).toBe('redis-cli');
    await redis.cli(...args);
  }
});

test('every metric that the document names exists, and every one that exists is named', async () => {
  const { COUNTERS, GAUGES, HISTOGRAMS } = await import('@querycast/server');
  const known = Object.keys({ ...COUNTERS, ...GAUGES, ...HISTOGRAMS }).map((metric) => `querycast_${metric}`);
  const named = new Set(OPERATIONS.match(/(?<=`)querycast_[a-z_]+(?=`)/g));
  const ofTheDatabase = captureSql({ tables: capturedTables });
  const metrics = [...named].filter((name) => !ofTheDatabase.includes(name) && name !== RIGHTS_CHANNEL);
  expect(metrics.length).toBeGreaterThan(5);
  for (const metric of metrics) expect(known).toContain(metric);
  expect(known.filter((metric) => !named.has(metric))).toEqual([]);
});

test('every line of the log that the document names is written somewhere', () => {
  const sources = ['.', '../../src'].flatMap((folder) => sourcesOf(fileURLToPath(new URL(folder, import.meta.url))));
  const ofNginx = ['connect() failed', 'no live upstreams', 'upstream timed out'];
  const named = new Set(OPERATIONS.match(/(?<=`)[a-z][a-z()]+(,? [a-z]+)+(?=`)/g));
  const lines = [...named].filter((line) => !ofNginx.includes(line) && !/^(nginx|redis-cli|user) /.test(line));
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines)
    expect([line, sources.some((source) => source.includes(`'${line}'`))]).toEqual([line, true]);
});

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('.test.'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
}

/** The lines of all blocks that are fenced as ```` ```<language> <tag> ````. */
function block(language: string, tag: string): string[] {
  const blocks = [...OPERATIONS.matchAll(/^```(\S+) (\S+)\n([\s\S]*?)^```$/gm)];
  const lines = blocks
    .filter(([, its, itsTag]) => its === language && itsTag === tag)
    .flatMap(([, , , text = '']) => text);
  return lines.flatMap((text) => text.trim().split('\n'));
}

/** Splits as a shell does, as far as the document needs it. */
function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
