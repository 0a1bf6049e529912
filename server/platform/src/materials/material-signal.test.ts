import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type LateSignals, openLateSignals } from '../testing/late-signals.test.support.js';
import { START_TIMEOUT_MS } from '../testing/test-platform.js';

const ALL_OF_AUTHOR = ['teacher-dashboard', 'teacher-materials', 'teacher-students'];

let late: LateSignals;
let authorId: number;
/** Active; a pupil of the author has it. */
let materialId: number;

beforeAll(async () => {
  late = await openLateSignals();
}, START_TIMEOUT_MS);

beforeEach(async () => {
  const { rows } = late;
  authorId = await rows.person({ role: 'teacher' });
  const subjectId = await rows.subject({ teacherId: authorId });
  const studentId = await rows.student({});
  await rows.enrollment({ studentId, subjectId, teacherId: authorId });
  materialId = await rows.material({ authorId, subjectId, studentIds: [studentId] });
});

afterAll(() => late.close());

test('of a material that is archived and deleted before anybody looks, the author’s list of students is stale', async () => {
  const told = await late.rootsToldLate(`teacher:${authorId}`, [
    sql`UPDATE materials SET status = 'archived' WHERE id = ${materialId}`,
    sql`DELETE FROM materials WHERE id = ${materialId}`,
  ]);
  expect(told).toEqual(ALL_OF_AUTHOR);
});

test('of a material that is taken away and given to another author before anybody looks, the former one is told', async () => {
  const nextAuthorId = await late.rows.person({ role: 'teacher' });
  const told = await late.rootsToldLate(`teacher:${authorId}`, [
    sql`DELETE FROM material_assignments WHERE material_id = ${materialId}`,
    sql`UPDATE materials SET author_id = ${nextAuthorId} WHERE id = ${materialId}`,
  ]);
  expect(told).toEqual(ALL_OF_AUTHOR);
});

test('of a draft that is deleted only the author’s list of materials is stale', async () => {
  const subjectId = await late.rows.subject({ teacherId: authorId });
  const draftId = await late.rows.material({ authorId, subjectId, status: 'draft' });
  const told = await late.rootsToldLate(`teacher:${authorId}`, [sql`DELETE FROM materials WHERE id = ${draftId}`]);
  expect(told).toEqual(['teacher-materials']);
});
