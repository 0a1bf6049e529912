import type { CompletedWeek, StudentProgress } from '@querycast/platform-protocol';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { materialAssignments, materialProgress, materials } from '../db/schema.js';
import { parentId, reads, setFamily, studentId, teacherId } from './family.test.support.js';
import { MATHEMATICS } from './reads.test.support.js';

const DAY_MS = 24 * 3_600_000;

setFamily();

/** Something that the student has and has completed at this moment. */
async function completed(at: string): Promise<number> {
  const materialId = await begun();
  await write(sql`progress_percentage = 100, is_completed = true, completed_at = ${at}`, materialId);
  return materialId;
}

/** Something that the student has and has begun. */
async function begun(): Promise<number> {
  const fields = { authorId: teacherId, subjectId: MATHEMATICS, studentIds: [studentId] };
  const materialId = await reads.rows.material(fields);
  await reads.rows.progress({ studentId, materialId, progressPercentage: 40 });
  return materialId;
}

/** Changes the student's progress in a material past the API. */
async function write(set: SQL, materialId: number): Promise<void> {
  const at = sql`student_id = ${studentId} AND material_id = ${materialId}`;
  await reads.db.execute(sql`UPDATE material_progress SET ${set} WHERE ${at}`);
}

/** When the material was completed, as the database has it. */
async function completedAt(materialId: number): Promise<Date | null | undefined> {
  const { studentId: student, materialId: material, completedAt: at } = materialProgress;
  const mine = and(eq(student, studentId), eq(material, materialId));
  const [row] = await reads.db.select({ at }).from(materialProgress).where(mine);
  return row?.at;
}

async function weeks(): Promise<CompletedWeek[]> {
  return (await reads.read<StudentProgress>('student', 'student-progress', studentId)).weeks;
}

test('a student who has completed nothing has no weeks', async () => {
  await begun();
  expect(await weeks()).toEqual([]);
});

test('weeks begin on Monday at midnight in UTC, and those without anything are left out', async () => {
  for (const at of ['2026-11-15T23:59:59.999Z', '2026-11-16T00:00:00Z', '2026-11-22T23:59:59Z', '2026-12-01T08:00:00Z'])
    await completed(at);
  const expected = [
    { weekStartDate: '2026-11-09', completed: 1 },
    { weekStartDate: '2026-11-16', completed: 2 },
    { weekStartDate: '2026-11-30', completed: 1 },
  ];
  expect(await weeks()).toEqual(expected);
  expect(await reads.read('parent', 'student-progress', parentId, studentId)).toMatchObject({ weeks: expected });
});

test('the newest twelve weeks are told, oldest first, also over the turn of a year', async () => {
  const firstMonday = Date.parse('2026-10-19');
  const mondays = Array.from({ length: 14 }, (_, index) => new Date(firstMonday + index * 7 * DAY_MS).toISOString());
  for (const monday of mondays) await completed(monday);
  expect((await weeks()).map(({ weekStartDate }) => weekStartDate)).toEqual(
    mondays.slice(2).map((monday) => monday.slice(0, 10)),
  );
});

test('only what is assigned, active and still completed counts, as in the other figures', async () => {
  const [archived = 0, takenAway = 0, undone = 0] = await Promise.all(
    ['2026-11-04T12:00Z', '2026-11-11T12:00Z', '2026-11-18T12:00Z'].map((at) => completed(at)),
  );
  expect(await weeks()).toHaveLength(3);
  await reads.db.update(materials).set({ status: 'archived' }).where(eq(materials.id, archived));
  await reads.db.delete(materialAssignments).where(eq(materialAssignments.materialId, takenAway));
  await write(sql`is_completed = false`, undone);
  expect(await weeks()).toEqual([]);
  await write(sql`is_completed = true`, undone);
  expect(await weeks()).toEqual([{ weekStartDate: '2026-11-16', completed: 1 }]);
});

test('the moment is that of the first completion, whoever writes it, and stays', async () => {
  const materialId = await begun();
  expect(await completedAt(materialId)).toBeNull();
  const before = Date.now() - 60_000;
  await write(sql`is_completed = true`, materialId);
  const first = await completedAt(materialId);
  expect(first?.getTime()).toBeGreaterThan(before);
  await write(sql`is_completed = false`, materialId);
  await write(sql`is_completed = true, completed_at = '2020-01-01'`, materialId);
  await write(sql`completed_at = NULL`, materialId);
  expect(await completedAt(materialId)).toEqual(first);
});

test('a row that begins completed has its moment at once, or the one that it comes with', async () => {
  const fields = { authorId: teacherId, subjectId: MATHEMATICS, studentIds: [studentId] };
  const [now, imported] = [await reads.rows.material(fields), await reads.rows.material(fields)];
  const at = new Date('2026-03-02T10:00:00Z');
  await reads.rows.progress({ studentId, materialId: now, progressPercentage: 100, isCompleted: true });
  await reads.rows.progress({ studentId, materialId: imported, isCompleted: true, completedAt: at });
  expect(await completedAt(now)).toBeInstanceOf(Date);
  expect(await completedAt(imported)).toEqual(at);
});

test('what is not completed has no moment, even when one is given', async () => {
  const materialId = await begun();
  await write(sql`completed_at = '2026-11-18T12:00Z'`, materialId);
  expect(await completedAt(materialId)).toBeNull();
});

test('what was completed before moments were kept gets none by later writes, but can be given one', async () => {
  const materialId = await begun();
  await reads.db.execute(sql`ALTER TABLE material_progress DISABLE TRIGGER material_progress_date_completion`);
  await write(sql`progress_percentage = 100, is_completed = true`, materialId);
  await reads.db.execute(sql`ALTER TABLE material_progress ENABLE TRIGGER material_progress_date_completion`);
  await write(sql`is_completed = true, time_spent_minutes = 5`, materialId);
  expect(await completedAt(materialId)).toBeNull();
  expect(await weeks()).toEqual([]);
  await write(sql`completed_at = '2026-11-18T12:00Z'`, materialId);
  expect(await weeks()).toEqual([{ weekStartDate: '2026-11-16', completed: 1 }]);
});
