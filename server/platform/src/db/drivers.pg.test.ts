import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '@querycast/test-servers';
import { count, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assignSubjects } from '../enrollments/enrollment-queries.js';
import { copyEmptyCluster } from '../testing/empty-cluster.js';
import { loadDemoData } from './demo-data.js';
import { type DatabaseHandle, openDatabase } from './open-database.js';
import { subjectEnrollments, subjects, users } from './schema.js';

let server: PostgresServer;
let folder: string;
let handles: DatabaseHandle[] = [];

beforeAll(async () => {
  server = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'querycast-drivers-'));
  await copyEmptyCluster(join(folder, 'db'));
  const database = await server.createDatabase();
  // Neither may matter: what a server is set to, and where it stands.
  await server.psql('postgres', `ALTER DATABASE ${database} SET TimeZone = 'Asia/Kolkata'`);
  const fill: Parameters<typeof openDatabase>[0]['fill'] = async (db) => void (await loadDemoData(db));
  handles = await Promise.all([
    openDatabase({ folder: join(folder, 'db'), fill }),
    openDatabase({ url: server.url(database), fill }),
  ]);
}, 60_000);

afterAll(async () => {
  await Promise.all(handles.map((handle) => handle.close()));
  await server.close();
  await rm(folder, { recursive: true });
});

async function expectSame(run: (handle: DatabaseHandle) => Promise<unknown>): Promise<unknown> {
  const [pglite, postgres] = await Promise.all(handles.map(run));
  expect(postgres).toEqual(pglite);
  return postgres;
}

test('both drivers answer the pool with the same values', async () => {
  await expectSame(async ({ pool }) => {
    const { rows } = await pool.query(
      `SELECT $1::int AS int, 1.5::float8 AS float, true AS yes, 'text' AS text, NULL AS nothing, count(*)::int AS count,
        '{"a":[1,null]}'::jsonb AS json, ARRAY['a','b'] AS texts, ARRAY[1,2] AS ints,
        '2026-01-02 03:04:05.678+00'::timestamptz AS moment FROM users`,
      [7],
    );
    return rows;
  });
});

test('both drivers answer the query builder with the same values', async () => {
  const moment = new Date('2026-01-02T03:04:05.678Z');
  await expectSame(({ db }) => db.update(subjectEnrollments).set({ enrolledAt: moment }).returning());
  await expectSame(({ db }) => db.select({ people: count() }).from(users));
  await expectSame(({ db }) => db.select({ yes: sql<boolean>`xmax = 0` }).from(subjects));
});

test('an assignment tells created from known in both', async () => {
  const physics = { subjectId: 2, teacherId: 6 };
  const assign = (subjects: (typeof physics)[]) =>
    expectSame(async ({ db }) =>
      (await assignSubjects(db, { studentId: 3, assignedBy: 8, subjects })).map(({ created }) => created),
    );
  expect(await assign([physics])).toEqual([true]);
  expect(await assign([{ subjectId: 3, teacherId: 7 }, physics])).toEqual([true, false]);
});

test('a refused value is told by the same code in the same place', async () => {
  const refused = await expectSame(async ({ db }) => {
    const twice = db.insert(subjects).values({ name: 'Physics', color: '#000000' });
    const error = await twice.then(
      () => undefined,
      (each: Error & { cause?: { code?: string; constraint?: string } }) => each,
    );
    return { name: error?.constructor.name, code: error?.cause?.code, constraint: error?.cause?.constraint };
  });
  expect(refused).toMatchObject({ code: '23505', constraint: 'subjects_name_unique' });
});
