import { platformKeys } from '@querycast/platform-protocol';
import { expect, test } from 'vitest';
import { staleFor, tell } from './told.js';

/** A database in which these accounts are active. */
function accounts(...users: { id: number; role: string }[]) {
  return { query: async () => ({ rows: users }) };
}

const TEACHER = accounts({ id: 6, role: 'teacher' });
const reportsOn = (...studentIds: number[]) => studentIds.map((id) => platformKeys.studentReports(id));
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('what is told is evicted and pushed once; what is told quietly is only evicted', async () => {
  const told = [
    ...tell('teacher', 6, platformKeys.teacherStudents()),
    ...tell('teacher', 6, platformKeys.teacherStudents(), platformKeys.studyPlans()),
  ];
  const stale = await staleFor(TEACHER, told, tell('student', 3, platformKeys.studentProgress()));
  expect(stale.evict).toEqual(['teacher_students:6', 'teacher_dashboard_data:6', 'student_progress:3']);
  expect(stale.push.map(({ room }) => room)).toEqual(['teacher:6']);
});

test('nobody is pushed anything whose account is not active in that role', async () => {
  const told = [...tell('teacher', 6, platformKeys.studyPlans()), ...tell('parent', 6, platformKeys.parentDashboard())];
  const { evict, push } = await staleFor(TEACHER, told);
  expect(evict).toHaveLength(2);
  expect(push).toEqual([{ room: 'teacher:6', keys: [['study-plans']] }]);
  expect((await staleFor(accounts(), told)).push).toEqual([]);
});

test('nobody is nobody', async () => {
  expect(tell('parent', null, platformKeys.parentDashboard())).toEqual([]);
  expect(tell('parent', undefined, platformKeys.parentDashboard())).toEqual([]);
  expect(await staleFor(TEACHER, [])).toEqual({ evict: [], push: [] });
});

test('few students are named, each by a key of their own; of many the whole read is stale, in one key', async () => {
  const pushed = async (...told: Parameters<typeof tell>) => (await staleFor(TEACHER, tell(...told))).push[0]?.keys;
  const few = reportsOn(...numbers(16));
  expect(await pushed('teacher', 6, platformKeys.studyPlans(), ...few)).toEqual([['study-plans'], ...few]);
  const many = reportsOn(...numbers(17), ...numbers(17));
  expect(await pushed('teacher', 6, platformKeys.studyPlans(), ...many)).toEqual([
    ['study-plans'],
    ['student-reports'],
  ]);
});
