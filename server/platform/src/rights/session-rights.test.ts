import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type DatabaseHandle, openDatabase } from '../db/open-database.js';
import { sessions } from '../db/schema.js';
import { createSampleRows, type SampleRows } from '../testing/sample-rows.test.support.js';
import { createTestPlace, type TestPlace } from '../testing/test-place.js';
import { START_TIMEOUT_MS } from '../testing/test-platform.js';
import { sessionRights } from './session-rights.js';
import { studentRooms } from './student-rooms.js';

let place: TestPlace;
let database: DatabaseHandle;
let rows: SampleRows;
let statements: string[];

beforeAll(async () => {
  place = await createTestPlace();
  database = await openDatabase(place.database);
  rows = createSampleRows(database.db);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await database?.close();
  await place?.remove();
});

beforeEach(() => {
  statements = [];
});

const pool: DatabaseHandle['pool'] = {
  query(text, params) {
    statements.push(text);
    return database.pool.query(text, params);
  },
};

test('the rights of many sessions that are asked about at once cost one statement', async () => {
  const ids = await Promise.all([1, 2, 3].map(() => rows.person({ role: 'parent' })));
  const principals = ids.flatMap((userId) =>
    Array.from({ length: 100 }, () => ({ id: String(userId), session: randomUUID(), claims: { role: 'parent' } })),
  );
  const expiresAt = new Date(Date.now() + 60_000);
  await database.db
    .insert(sessions)
    .values(principals.map(({ id, session }) => ({ id: session, userId: Number(id), expiresAt })));
  const recheck = sessionRights(pool, Date.now);
  expect(await Promise.all(principals.map(recheck))).toEqual(principals);
  expect(statements).toHaveLength(1);
});

test('what a session is told of goes by the database: person, role, log-in and its end', async () => {
  const [olga, ivan] = [await rows.person({ role: 'parent' }), await rows.person({ role: 'parent', isActive: false })];
  const expiresAt = new Date(Date.now() + 60_000);
  const add = async (userId: number, more: { revokedAt?: Date; expiresAt?: Date } = {}) => {
    const id = randomUUID();
    await database.db.insert(sessions).values({ id, userId, expiresAt, ...more });
    return id;
  };
  const of = (id: number, session: string | undefined, role = 'parent') => ({
    id: String(id),
    ...(session !== undefined && { session }),
    claims: { role },
  });
  const hers = await add(olga);
  const recheck = sessionRights(pool, Date.now);
  expect(await recheck(of(olga, hers))).toEqual(of(olga, hers));
  expect(await recheck(of(olga, hers, 'tutor'))).toBe('forbidden');
  expect(await recheck(of(ivan, hers))).toBe('logged_out');
  expect(await recheck(of(olga, undefined))).toBe('logged_out');
  expect(await recheck(of(olga, randomUUID()))).toBe('logged_out');
  expect(await recheck(of(olga, await add(olga, { revokedAt: new Date() })))).toBe('logged_out');
  expect(await recheck(of(olga, await add(olga, { expiresAt: new Date(Date.now() - 1) })))).toBe('logged_out');
  expect(await recheck(of(ivan, await add(ivan)))).toBe('deactivated');
});

test('the rooms of many students that are asked for at once cost one statement', async () => {
  const olga = await rows.person({ role: 'parent' });
  const students = await Promise.all([1, 2, 3].map(() => rows.student({ parentId: olga })));
  const authorize = studentRooms(pool);
  const asked = [...students, olga].map((id) =>
    authorize({ id: String(olga), claims: { role: 'parent' } }, `student:${id}`),
  );
  expect(await Promise.all(asked)).toEqual([true, true, true, false]);
  expect(statements).toHaveLength(1);
});

test('who is parent in one family is no tutor in it, and the other way round', async () => {
  const [olga, marina] = [await rows.person({ role: 'parent' }), await rows.person({ role: 'tutor' })];
  const student = await rows.student({ parentId: olga, tutorId: marina });
  const may = (id: number, role: string) =>
    studentRooms(pool)({ id: String(id), claims: { role } }, `student:${student}`);
  expect([await may(olga, 'parent'), await may(marina, 'tutor')]).toEqual([true, true]);
  for (const role of ['tutor', 'teacher', 'student', 'admin']) expect(await may(olga, role)).toBe(false);
  for (const role of ['parent', 'teacher', 'admin']) expect(await may(marina, role)).toBe(false);
});

test('while the database does not answer nobody is let in and nobody thrown out', async () => {
  const away = { query: () => Promise.reject(new Error('the database is away')) };
  const olga = { id: '1', session: 'a', claims: { role: 'parent' } };
  await expect(sessionRights(away, Date.now)(olga)).rejects.toThrow('away');
  await expect(studentRooms(away)(olga, 'student:3')).rejects.toThrow('away');
});
