import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LiveRead, type LiveRole, liveReads } from '../dashboards/live-reads.js';
import { type LoggedIn, START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

/** Olga, Anna, Elena and Marina. */
const EMAILS: Readonly<Record<LiveRole, string>> = {
  parent: 'parent@demo.test',
  student: 'student@demo.test',
  teacher: 'teacher@demo.test',
  tutor: 'tutor@demo.test',
};
const ANNA = 3;

/** A change of what each read shows, by role and the first element of its key. */
const CHANGES = new Map([
  ['parent parent-dashboard', "UPDATE student_profiles SET goal = 'Chess' WHERE user_id = 3"],
  ['parent parent-children', 'UPDATE student_profiles SET grade = 8 WHERE user_id = 3'],
  ['parent tutor-weekly-reports', "UPDATE tutor_weekly_reports SET summary = 'Changed' WHERE parent_id = 1"],
  ['parent parent-child-subjects', "UPDATE subject_enrollments SET custom_subject_name = 'Sums' WHERE student_id = 3"],
  ['parent student-progress', 'UPDATE material_progress SET time_spent_minutes = 99 WHERE student_id = 3'],
  ['parent study-plans', "UPDATE study_plans SET content = 'Changed for the parent' WHERE student_id = 3"],
  ['parent student-reports', "UPDATE student_reports SET content = 'Changed' WHERE student_id = 3"],
  ['student student-dashboard', "UPDATE student_profiles SET goal = 'Draughts' WHERE user_id = 3"],
  ['student student-materials', "UPDATE materials SET title = 'Changed' WHERE id = 1"],
  ['student student-progress', 'UPDATE material_progress SET time_spent_minutes = 100 WHERE student_id = 3'],
  ['student study-plans', "UPDATE study_plans SET content = 'Changed for the student' WHERE student_id = 3"],
  ['teacher teacher-dashboard', "UPDATE study_plans SET title = 'Changed' WHERE teacher_id = 6"],
  ['teacher teacher-students', 'UPDATE student_profiles SET grade = 9 WHERE user_id = 3'],
  ['teacher teacher-materials', "UPDATE materials SET type = 'video' WHERE id = 3"],
  ['teacher study-plans', "UPDATE study_plans SET content = 'Changed in a draft' WHERE status = 'draft'"],
  ['teacher teacher-weekly-reports', "UPDATE teacher_weekly_reports SET summary = 'Changed' WHERE teacher_id = 6"],
  ['teacher student-reports', "UPDATE student_reports SET content = 'Changed again' WHERE student_id = 3"],
  ['tutor tutor-dashboard', 'UPDATE material_progress SET progress_percentage = 77 WHERE student_id = 3'],
  ['tutor tutor-students', "UPDATE users SET first_name = 'Olya' WHERE id = 1"],
  ['tutor tutor-weekly-reports', "UPDATE tutor_weekly_reports SET summary = 'Changed again' WHERE tutor_id = 8"],
  ['tutor teacher-weekly-reports', "UPDATE teacher_weekly_reports SET summary = 'Changed again' WHERE tutor_id = 8"],
]);

let platform: TestPlatform;
let statements: string[] = [];
const people = new Map<LiveRole, LoggedIn>();

beforeAll(async () => {
  platform = await startTestPlatform({}, { onStatement: (statement) => statements.push(statement) });
  for (const read of liveReads) {
    if (!people.has(read.role)) people.set(read.role, await platform.logIn(EMAILS[read.role]));
  }
  await platform.parts.relay.settled();
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

/** What a request answers, and how many statements computed it: who asks, and for what, is looked up every time. */
async function ask(path: string, token: string | undefined) {
  statements = [];
  const { status, body } = await platform.call(path, { token });
  const computing = statements.filter((text) => !text.includes('"sessions"') && !text.startsWith('select 1 from'));
  return { status, body, computing: computing.length };
}

function askFor({ role, endpoint }: LiveRead) {
  const [, path = ''] = endpoint.split(' ');
  return ask(path.replace(/:\w+/, String(ANNA)), people.get(role)?.token);
}

async function change(statement: string | undefined): Promise<void> {
  await platform.parts.db.execute(sql.raw(statement ?? ''));
  await platform.parts.relay.settled();
}

test.each(liveReads.map((read) => [read.endpoint, read.role, read] as const))(
  '%s is computed once for a %s, and anew after a change that it shows',
  async (_endpoint, _role, read) => {
    const first = await askFor(read);
    expect(first.status).toBe(200);
    expect(first.computing).toBeGreaterThan(0);
    expect(await askFor(read)).toEqual({ ...first, computing: 0 });

    await change(CHANGES.get(`${read.role} ${read.root}`));
    const changed = await askFor(read);
    expect(changed.body).not.toEqual(first.body);
    expect(changed.computing).toBeGreaterThan(0);
    expect(await askFor(read)).toEqual({ ...changed, computing: 0 });
  },
);

test('a change of one family leaves every cache of another alone', async () => {
  const others = { parent: 'parent2@demo.test', student: 'student3@demo.test', teacher: 'teacher2@demo.test' };
  const asking: (() => ReturnType<typeof ask>)[] = [];
  for (const [role, email] of Object.entries(others)) {
    const { token } = await platform.logIn(email);
    for (const { endpoint } of liveReads.filter((read) => read.role === role)) {
      const [, path = ''] = endpoint.split(' ');
      asking.push(() => ask(path.replace(/:\w+/, '5'), token));
    }
  }
  for (const each of asking) expect(await each()).toMatchObject({ status: 200 });
  const body = { subjectId: 2, teacherId: 6 };
  const token = people.get('tutor')?.token;
  const assigned = await platform.call('/api/tutor/students/3/subjects', { method: 'POST', token, body });
  expect(assigned.status).toBe(201);
  await change("UPDATE study_plans SET title = 'Theirs' WHERE student_id = 3");
  await change('UPDATE material_progress SET progress_percentage = 1 WHERE student_id = 3');
  await change("UPDATE student_reports SET title = 'Theirs' WHERE student_id = 3");
  for (const each of asking) expect(await each()).toMatchObject({ status: 200, computing: 0 });
});

test('the right to see a child is asked at every read, cached or not', async () => {
  const read = () => ask('/api/parent/children/4/subjects', people.get('parent')?.token);
  expect((await read()).status).toBe(200);
  expect(await read()).toMatchObject({ status: 200, computing: 0 });
  await platform.parts.db.execute('UPDATE student_profiles SET parent_id = 2 WHERE user_id = 4');
  expect((await read()).status).toBe(404);
});
