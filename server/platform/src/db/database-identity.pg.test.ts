import { type PostgresServer, startPostgres } from '@querycast/test-servers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readDatabaseIdentity } from './database-identity.js';
import { type DatabaseHandle, openDatabase } from './open-database.js';

let server: PostgresServer;
let handles: DatabaseHandle[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterEach(async () => {
  await Promise.all(handles.map((handle) => handle.close()));
  handles = [];
});
afterAll(() => server.close());

async function open(name: string): Promise<DatabaseHandle> {
  const handle = await openDatabase({ url: server.url(name) });
  handles.push(handle);
  return handle;
}

async function identityOf(name: string): Promise<string> {
  const { db, close } = await open(name);
  const identity = await readDatabaseIdentity(db);
  await close();
  return identity;
}

test('a database keeps its name, a copy has the same, and another database another one', async () => {
  const [original, another] = [await server.createDatabase(), await server.createDatabase()];
  const identity = await identityOf(original);
  expect(identity).toMatch(/^[0-9a-f-]{36}$/);
  expect(await identityOf(original)).toBe(identity);
  expect(await identityOf(await server.createDatabase(original))).toBe(identity);
  expect(await identityOf(another)).not.toBe(identity);
});

test('nodes that ask a new database at once are told the same name', async () => {
  const name = await server.createDatabase();
  const nodes = [await open(name), await open(name), await open(name)];
  const identities = await Promise.all(nodes.map(({ db }) => readDatabaseIdentity(db)));
  expect(new Set(identities).size).toBe(1);
});

test('a database has room for one name', async () => {
  const { db } = await open(await server.createDatabase());
  await readDatabaseIdentity(db);
  await expect(db.execute('INSERT INTO database_identity (is_only) VALUES (false)')).rejects.toThrow();
  await expect(db.execute('INSERT INTO database_identity DEFAULT VALUES')).rejects.toThrow();
});
