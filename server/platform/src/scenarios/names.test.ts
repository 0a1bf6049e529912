import { sql } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { changedReads, readAll } from '../testing/all-reads.js';
import {
  ANNA,
  DEMO_ROOMS,
  type DemoRoom,
  ELENA,
  type Heard,
  IVAN,
  LEV,
  MARINA,
  MISHA,
  nothing,
  OLGA,
  once,
  PAVEL,
} from '../testing/everybody.js';
import { everybody, platform, setScene } from './scene.test.support.js';

setScene();

afterEach(async () => {
  await platform.parts.db.execute("UPDATE subjects SET name = 'Mathematics', color = '#4c6ef5' WHERE id = 1");
});

const rename = (room: DemoRoom, names: object) => everybody.ask(room, 'PATCH /api/auth/me', names);
const execute = (statement: ReturnType<typeof sql>) => platform.parts.db.execute(statement);

/** What an action told whom, and whose reads it changed, as keys by room. */
async function compare(action: () => Promise<unknown>) {
  // What the test before made stale is not part of the comparison.
  await platform.parts.relay.settled();
  const before = await readAll(everybody);
  const { heard } = await everybody.hear(action);
  return { heard, told: keysOf(heard), changed: changedReads(before, await readAll(everybody)) };
}

function keysOf(heard: Heard): Partial<Record<DemoRoom, string[]>> {
  const told = DEMO_ROOMS.map((room) => [room, heard[room].flatMap(({ keys }) => keys).sort()] as const);
  return Object.fromEntries(told.filter(([, keys]) => keys.length > 0));
}

test('a teacher with another name is told to everybody whose reads show it, and to nobody else', async () => {
  const { heard, told, changed } = await compare(() => rename(ELENA, { lastName: 'Sorokina' }));
  expect(heard).toEqual(
    once({
      [ELENA]: [['teacher-dashboard'], ['teacher-weekly-reports'], ['student-reports', 3]],
      [ANNA]: [['student-dashboard'], ['student-materials'], ['student-progress'], ['study-plans']],
      [OLGA]: [
        ['parent-dashboard'],
        ['parent-child-subjects', 3],
        ['student-progress', 3],
        ['study-plans', 3],
        ['student-reports', 3],
      ],
      [MARINA]: [['tutor-students'], ['teacher-weekly-reports']],
    }),
  );
  expect(told).toEqual(changed);
  const [mathematics] = await everybody.read(OLGA, '/api/parent/children/3/subjects');
  expect(mathematics.teacher).toEqual({ id: 6, name: 'Elena Sorokina' });
  await rename(ELENA, { lastName: 'Orlova' });
});

test.each([
  ['parent', OLGA],
  ['parent', IVAN],
  ['student', ANNA],
  ['student', MISHA],
  ['student', LEV],
  ['teacher', ELENA],
  ['teacher', PAVEL],
  ['tutor', MARINA],
] as const)('a %s with another name is told by exactly the keys whose reads change: %s', async (_, room) => {
  const { told, changed } = await compare(() => rename(room, { firstName: 'Robin' }));
  expect(Object.keys(changed)).toContain(room);
  expect(told).toEqual(changed);
});

test('one’s own name is answered at once, and saving it as it was is told to nobody', async () => {
  const first = await rename(ANNA, { firstName: 'Anna', lastName: 'Petrova' });
  const names = { name: 'Anna Petrova', firstName: 'Anna', lastName: 'Petrova' };
  expect(first).toMatchObject({ status: 200, body: { id: 3, role: 'student', ...names } });
  expect(await everybody.read(ANNA, '/api/auth/me')).toEqual(first.body);
  const { heard } = await everybody.hear(() => rename(ANNA, { firstName: 'Anna' }));
  expect(heard).toEqual(nothing);
});

test.each([
  ['name', sql`UPDATE subjects SET name = 'Maths' WHERE id = 1`, { name: 'Maths', color: '#4c6ef5' }],
  ['colour', sql`UPDATE subjects SET color = '#123456' WHERE id = 1`, { name: 'Mathematics', color: '#123456' }],
])(
  'a subject with another %s, written past the API, is told to everybody whose reads show it',
  async (_, statement, shown) => {
    const { heard, told, changed } = await compare(() => execute(statement));
    expect(heard).toEqual(
      once({
        [ELENA]: [['teacher-dashboard'], ['teacher-students'], ['teacher-materials'], ['study-plans']],
        [ANNA]: [['student-dashboard'], ['student-materials'], ['student-progress'], ['study-plans']],
        [OLGA]: [['parent-dashboard'], ['parent-child-subjects', 3], ['student-progress', 3], ['study-plans', 3]],
        [MARINA]: [['tutor-students']],
      }),
    );
    expect(told).toEqual(changed);
    expect(await everybody.read(OLGA, '/api/parent/children/3/subjects')).toMatchObject([shown]);
  },
);

test('a subject that nobody learns is renamed for nobody', async () => {
  const { heard, changed } = await compare(() => execute(sql`UPDATE subjects SET name = 'Physics II' WHERE id = 2`));
  expect(heard).toEqual(nothing);
  expect(changed).toEqual({});
});

test.each([
  ['role', { role: 'admin' }],
  ['parentId', { firstName: 'Anna', parentId: 2 }],
  ['tutorId', { firstName: 'Anna', tutorId: 8 }],
  ['isActive', { isActive: true }],
  ['email', { email: 'other@demo.test' }],
  ['id', { id: 9, firstName: 'Anna' }],
])('nobody changes their own %s', async (field, body) => {
  for (const room of DEMO_ROOMS) {
    const { status, body: answer } = await rename(room, body);
    expect(status).toBe(400);
    expect(answer.error.fields).toMatchObject({ [field]: 'is not known' });
  }
  const { rows } = (await execute(sql`SELECT role, email FROM users WHERE id = 3`)) as unknown as { rows: unknown[] };
  expect(rows).toEqual([{ role: 'student', email: 'student@demo.test' }]);
});
