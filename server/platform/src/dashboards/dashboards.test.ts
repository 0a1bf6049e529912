import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../db/database.js';
import { loadDemoData } from '../db/demo-data.js';
import { type DatabaseHandle, openDatabase } from '../db/open-database.js';
import { studentProfiles, subjectEnrollments, users } from '../db/schema.js';
import { createTestPlace, type TestPlace } from '../testing/test-place.js';
import { START_TIMEOUT_MS } from '../testing/test-platform.js';
import { readChildSubjects, readParentChildren, readParentDashboard } from './parent-reads.js';
import { readTutorStudents } from './tutor-reads.js';

let place: TestPlace;
let database: DatabaseHandle;
let db: Database;
let statements: string[] = [];

beforeAll(async () => {
  place = await createTestPlace();
  database = await openDatabase({ ...place.database, onStatement: (statement) => statements.push(statement) });
  db = database.db;
  await loadDemoData(db);
}, START_TIMEOUT_MS);

beforeEach(() => {
  statements = [];
});

afterAll(async () => {
  await database.close();
  await place.remove();
});

async function countStatements() {
  const count = async (read: () => Promise<unknown>) => {
    statements = [];
    await read();
    return statements.length;
  };
  return {
    dashboard: await count(() => readParentDashboard(db, { id: 1, name: 'Olga Petrova' })),
    children: await count(() => readParentChildren(db, 1)),
    students: await count(() => readTutorStudents(db, 8)),
  };
}

test('a read costs the same number of statements whatever the number of children', async () => {
  const few = await countStatements();
  for (let index = 0; index < 30; index += 1) await addChildOfOlga(index);
  expect(few).toEqual({ dashboard: 2, children: 1, students: 2 });
  expect(await countStatements()).toEqual(few);
  expect((await readParentDashboard(db, { id: 1, name: 'Olga Petrova' })).statistics.children).toBe(32);
  expect(await readTutorStudents(db, 8)).toHaveLength(33);
});

test('a parent without children has an empty dashboard', async () => {
  expect(await readParentDashboard(db, { id: 99, name: 'Nobody' })).toEqual({
    parent: { id: 99, name: 'Nobody' },
    children: [],
    statistics: { children: 0, subjects: 0 },
  });
});

test('a child without tutor, an ended enrollment and an own name of a subject are shown as they are', async () => {
  const id = await addChildOfOlga(100);
  const row = { studentId: id, teacherId: 6 };
  await db.insert(subjectEnrollments).values([
    { ...row, subjectId: 1, customSubjectName: 'Olympiad problems' },
    { ...row, subjectId: 2, isActive: false },
  ]);
  expect(await readChildSubjects(db, id)).toEqual([
    {
      enrollmentId: expect.any(Number),
      subjectId: 1,
      name: 'Olympiad problems',
      color: '#4c6ef5',
      teacher: { id: 6, name: 'Elena Orlova' },
      enrolledAt: expect.stringMatching(/Z$/),
    },
  ]);
  const child = (await readParentChildren(db, 1)).find((candidate) => candidate.id === id);
  expect(child).toMatchObject({ subjects: 1, tutor: { id: 8 } });
});

test('the demo data is loaded once', async () => {
  expect(await loadDemoData(db)).toBe(false);
});

async function addChildOfOlga(index: number): Promise<number> {
  const names = { firstName: `Child ${index}`, lastName: 'Petrov' };
  const [child] = await db
    .insert(users)
    .values({ ...names, email: `child${index}@demo.test`, passwordHash: 'none', role: 'student' })
    .returning({ id: users.id });
  const id = child?.id ?? 0;
  await db.insert(studentProfiles).values({ userId: id, parentId: 1, tutorId: 8, grade: 5 });
  return id;
}
