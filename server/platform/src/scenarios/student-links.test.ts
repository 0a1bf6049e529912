import { sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { ANNA, ELENA, IVAN, MARINA, nothing, OLGA, once } from '../testing/everybody.js';
import { everybody, platform, setScene } from './scene.test.support.js';

/** Everything a parent reads of one child. */
const childKeys = (studentId: number) =>
  [
    ['parent-dashboard'],
    ['parent-children'],
    ['parent-child-subjects', studentId],
    ['student-progress', studentId],
    ['study-plans', studentId],
    ['student-reports', studentId],
  ] as const;
const CHILD_READS = ['subjects', 'progress', 'study-plans', 'reports'];

setScene();

beforeEach(async () => {
  await platform.parts.db.execute(sql`UPDATE student_profiles
    SET grade = 7, goal = 'Chess', parent_id = CASE user_id WHEN 5 THEN 2 ELSE 1 END`);
  await platform.parts.relay.settled();
  await seen(OLGA);
  await seen(IVAN);
});

const patch = (studentId: number, fields: object) =>
  everybody.ask(MARINA, `PATCH /api/tutor/students/${studentId}`, fields);

/** The names of the children in both reads that list them, and all text of the dashboard. */
async function seen(parent: typeof OLGA | typeof IVAN) {
  const dashboard = await everybody.read(parent, '/api/parent/dashboard');
  const children: { name: string }[] = await everybody.read(parent, '/api/parent/children');
  const onDashboard = dashboard.children.map(({ name }: { name: string }) => name);
  expect(children.map(({ name }) => name)).toEqual(onDashboard);
  return { children: onDashboard, text: JSON.stringify(dashboard) };
}

async function childStatuses(parent: typeof OLGA | typeof IVAN, studentId: number) {
  const answers = CHILD_READS.map((read) => everybody.ask(parent, `GET /api/parent/children/${studentId}/${read}`));
  return (await Promise.all(answers)).map(({ status }) => status);
}

test.each([
  ['grade', 8],
  ['goal', 'Read English books'],
])('a new %s is told to student, parent, tutor and teachers', async (field, value) => {
  const { answer, heard } = await everybody.hear(() => patch(3, { [field]: value }));
  expect(answer).toMatchObject({ status: 200, body: { id: 3, name: 'Anna Petrova', [field]: value } });
  expect(heard).toEqual(
    once({
      [ANNA]: [['student-dashboard']],
      [OLGA]: [['parent-children'], ['parent-dashboard']],
      [MARINA]: [['tutor-dashboard'], ['tutor-students']],
      [ELENA]: [['teacher-students']],
    }),
  );
  const changed = { [field]: value };
  expect(await everybody.read(ANNA, '/api/student/dashboard')).toMatchObject(changed);
  expect((await everybody.read(OLGA, '/api/parent/dashboard')).children[0]).toMatchObject(changed);
  expect((await everybody.read(OLGA, '/api/parent/children'))[0]).toMatchObject(changed);
  expect((await everybody.read(MARINA, '/api/tutor/students'))[0]).toMatchObject(changed);
  expect((await everybody.read(MARINA, '/api/tutor/dashboard')).students[0]).toMatchObject(changed);
  expect((await everybody.read(ELENA, '/api/teacher/students'))[0]).toMatchObject(changed);
});

test('a profile that is saved as it was is told to nobody', async () => {
  const { answer, heard } = await everybody.hear(() => patch(3, { grade: 7, goal: 'Chess', parentId: 1 }));
  expect(answer.status).toBe(200);
  expect(heard).toEqual(nothing);
});

test('a child who goes to another parent is told to both, and the first one sees nothing of the child any more', async () => {
  expect(await childStatuses(OLGA, 3)).toEqual([200, 200, 200, 200]);
  const { answer, heard } = await everybody.hear(async () => {
    const patched = await patch(3, { parentId: 2 });
    // At once, whatever is cached: rights are asked anew at each request.
    expect(await childStatuses(OLGA, 3)).toEqual([404, 404, 404, 404]);
    return patched;
  });
  expect(answer).toMatchObject({ status: 200, body: { id: 3, parentId: 2 } });
  expect(heard).toEqual(once({ [OLGA]: childKeys(3), [IVAN]: childKeys(3), [MARINA]: [['tutor-students']] }));

  // Once computed, once from the cache.
  for (const _ of ['computed', 'cached']) {
    const { children, text } = await seen(OLGA);
    expect(children).toEqual(['Misha Petrov']);
    expect(text).not.toMatch(/Anna|Mathematics|Fractions|Equations/);
    expect((await seen(IVAN)).children).toEqual(['Anna Petrova', 'Lev Sokolov']);
    expect(await childStatuses(OLGA, 3)).toEqual([404, 404, 404, 404]);
    expect(await childStatuses(IVAN, 3)).toEqual([200, 200, 200, 200]);
  }
  expect((await everybody.read(IVAN, '/api/parent/children/3/study-plans'))[0].title).toBe(
    'Equations with one unknown',
  );
  // Letters stay their addressee's: the new parent does not read those to the old one.
  expect(await everybody.read(IVAN, '/api/parent/children/3/reports')).toEqual([]);
  expect((await everybody.read(MARINA, '/api/tutor/students'))[0].parent).toEqual({ id: 2, name: 'Ivan Sokolov' });
});

test('with a child goes the right to the weekly reports about it, and comes back with the child', async () => {
  const weekly = async () => (await everybody.read(OLGA, '/api/tutor-weekly-reports')).length;
  expect(await weekly()).toBe(1);
  const gone = await everybody.hear(() => patch(4, { parentId: 2 }));
  expect(gone.heard).toEqual(
    once({
      [OLGA]: [...childKeys(4), ['tutor-weekly-reports']],
      [IVAN]: childKeys(4),
      [MARINA]: [['tutor-students']],
    }),
  );
  expect(await weekly()).toBe(0);
  expect(await everybody.read(IVAN, '/api/tutor-weekly-reports')).toEqual([]);
  for (const parent of [OLGA, IVAN] as const) {
    expect((await everybody.ask(parent, 'POST /api/tutor-weekly-reports/1/read')).status).toBe(404);
  }
  const back = await everybody.hear(() => patch(4, { parentId: 1 }));
  expect(back.heard).toEqual(gone.heard);
  expect(await weekly()).toBe(1);
});

test('a child without a parent is shown to none', async () => {
  const { answer, heard } = await everybody.hear(() => patch(3, { parentId: null }));
  expect(answer).toMatchObject({ status: 200, body: { id: 3, parentId: null } });
  expect(heard).toEqual(once({ [OLGA]: childKeys(3), [MARINA]: [['tutor-students']] }));
  expect((await seen(OLGA)).children).toEqual(['Misha Petrov']);
  expect(await childStatuses(OLGA, 3)).toEqual([404, 404, 404, 404]);
  expect((await everybody.read(MARINA, '/api/tutor/students'))[0].parent).toBeNull();
});

test('a change of parent and grade at once leaves as one frame for each, with all of it', async () => {
  const { heard } = await everybody.hear(() => patch(3, { parentId: 2, grade: 9 }));
  expect(heard).toEqual(
    once({
      [ANNA]: [['student-dashboard']],
      [OLGA]: childKeys(3),
      [IVAN]: childKeys(3),
      [MARINA]: [['tutor-dashboard'], ['tutor-students']],
      [ELENA]: [['teacher-students']],
    }),
  );
});

test.each([
  ['parentId', { parentId: 8 }],
  ['parentId', { parentId: 9_999 }],
  ['tutorId', { grade: 8, tutorId: 8 }],
  ['grade', { grade: 13 }],
  ['body', {}],
])('an edit whose %s is wrong is refused for that: %j', async (field, fields) => {
  const { answer, heard } = await everybody.hear(() => patch(3, fields));
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.error.fields)).toEqual([field]);
  expect(heard).toEqual(nothing);
});
