import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { subjectEnrollments } from '../db/schema.js';
import { type LoggedIn, START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

let platform: TestPlatform;
let olga: LoggedIn;
let marina: LoggedIn;
let statements: string[] = [];

beforeAll(async () => {
  platform = await startTestPlatform({}, { onStatement: (statement) => statements.push(statement) });
  olga = await platform.logIn('parent@demo.test');
  marina = await platform.logIn('tutor@demo.test');
  await platform.parts.relay.settled();
}, START_TIMEOUT_MS);

beforeEach(() => {
  statements = [];
});

afterAll(() => platform.remove());

/** Statements that read what is displayed; who asks and whether they may is asked every time. */
function computing(): string[] {
  return statements.filter((statement) => /"grade"|"subject_enrollments"/.test(statement));
}

const READS: [string, () => LoggedIn][] = [
  ['/api/parent/dashboard', () => olga],
  ['/api/parent/children', () => olga],
  ['/api/parent/children/3/subjects', () => olga],
  ['/api/tutor/students', () => marina],
];

test.each(READS)('%s is computed once, and again after a change', async (path, viewer) => {
  const read = () => platform.call(path, { token: viewer().token });
  await platform.parts.db.update(subjectEnrollments).set({ customSubjectName: path });
  await platform.parts.relay.settled();
  statements = [];

  const first = await read();
  expect(computing().length).toBeGreaterThan(0);
  statements = [];
  expect(await read()).toMatchObject({ status: 200, body: first.body });
  expect(computing()).toEqual([]);

  await platform.parts.db.update(subjectEnrollments).set({ customSubjectName: `${path} again` });
  await platform.parts.relay.settled();
  statements = [];
  await read();
  expect(computing().length).toBeGreaterThan(0);
});

test('a change of one family leaves the cache of another alone', async () => {
  const ivan = await platform.logIn('parent2@demo.test');
  const read = () => platform.call('/api/parent/dashboard', { token: ivan.token });
  await read();
  const body = { subjectId: 2, teacherId: 6 };
  await platform.call('/api/tutor/students/3/subjects', { method: 'POST', token: marina.token, body });
  await platform.parts.relay.settled();
  statements = [];
  await read();
  expect(computing()).toEqual([]);
});

test('the right to see a child is asked at every read, cached or not', async () => {
  const path = '/api/parent/children/4/subjects';
  const read = () => platform.call(path, { token: olga.token });
  expect((await read()).status).toBe(200);
  await platform.parts.db.execute('UPDATE student_profiles SET parent_id = 2 WHERE user_id = 4');
  expect((await read()).status).toBe(404);
});
