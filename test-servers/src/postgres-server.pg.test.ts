import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from './postgres-server.js';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());

test('psql prints what a query answers', async () => {
  expect(await postgres.psql('postgres', "select 1, 'ä' union all select 2, 'b' order by 1")).toBe('1|ä\n2|b');
});

test('psql rejects with the reason', async () => {
  await expect(postgres.psql('postgres', 'select nothing')).rejects.toThrow(/column "nothing" does not exist/);
});

test('a database is a copy of its template, and goes away', async () => {
  const template = await postgres.createDatabase();
  await postgres.psql(template, 'create table t (a int)');
  const copy = await postgres.createDatabase(template);
  expect(await postgres.psql(copy, 'select count(*) from t')).toBe('0');
  await postgres.dropDatabase(copy);
  await expect(postgres.psql(copy, 'select 1')).rejects.toThrow(/does not exist/);
});

test.each(['fast', 'immediate'] as const)('what was committed is there after a stop (%s) and a start', async (mode) => {
  const database = await postgres.createDatabase();
  await postgres.psql(database, 'create table t (a int); insert into t values (1)');
  await postgres.stop(mode);
  await expect(postgres.psql(database, 'select 1')).rejects.toThrow(/refused/);
  await postgres.start();
  expect(await postgres.psql(database, 'select a from t')).toBe('1');
});

test('two run at once', async () => {
  const other = await startPostgres();
  expect(other.port).not.toBe(postgres.port);
  expect(await other.psql('postgres', 'select 1')).toBe('1');
  await other.close();
});
