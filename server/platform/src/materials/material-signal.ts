import { platformKeys } from '@querycast/platform-protocol';
import type { Signal, SqlPool } from '@querycast/server/postgres';
import { z } from 'zod';
import { guardiansOf } from '../audience/guardians.js';
import { tellAuthor, tellOfProgress, tellStudentOfProgress } from '../audience/of-student.js';
import { type Pupils, pupilsAmong } from '../audience/pupils.js';
import { differs, imagesOf, type RowChange, rowChanges } from '../audience/row-images.js';
import { staleFor, type Told, tell } from '../audience/told.js';
import { grouped } from '../dashboards/grouped.js';

const image = z.object({
  id: z.int(),
  author_id: z.int(),
  subject_id: z.int(),
  title: z.string(),
  type: z.string(),
  status: z.enum(['draft', 'active', 'archived']),
});
type Image = z.output<typeof image>;

/**
 * Who is affected when materials change: the author, and while one is active before or after, whoever has it. A student
 * who had it until later, or until it was deleted, is told so by the end of the assignment.
 */
export const materialSignal: Signal = async (changes, pool) => {
  const edits = rowChanges(image, changes);
  const seen = edits.filter(isSeen);
  const assigned = await assignedOf(
    pool,
    seen.flatMap((change) => imagesOf(change).map(({ id }) => id)),
  );
  const studentIds = [...assigned.values()].flat();
  const guardians = await guardiansOf(pool, studentIds);
  const pupils = await pupilsAmong(pool, studentIds);
  const of = new Map(guardians.map((student) => [student.studentId, student]));
  const told = edits.flatMap((change) => tellAuthors(change, assigned, pupils));
  for (const change of seen) {
    const id = (change.after ?? change.before)?.id;
    for (const studentId of (id !== undefined && assigned.get(id)) || []) {
      told.push(...tellStudent(change, studentId, of.get(studentId)?.parentId));
      const student = of.get(studentId);
      if (comesOrGoes(change) && student) told.push(...tellOfProgress([student]));
    }
  }
  return staleFor(pool, told);
};

function tellAuthors(change: RowChange<Image>, assigned: Assigned, pupils: Pupils): Told[] {
  const { before, after } = change;
  const hasMoved = before !== undefined && after !== undefined && before.author_id !== after.author_id;
  const counts = comesOrGoes(change) || (isSeen(change) && hasMoved);
  return imagesOf(change).flatMap((row) => {
    const { id, author_id, status } = row;
    if (row === before && status !== 'draft' && (hasMoved || !after)) return tellFormerAuthor(author_id);
    if (counts) return tellAuthor(author_id, assigned.get(id) ?? [], pupils);
    return tell('teacher', author_id, platformKeys.teacherMaterials());
  });
}

/** Who had the material may not be to be found any more, nor who wrote it when they had it. */
function tellFormerAuthor(authorId: number): Told[] {
  return tell(
    'teacher',
    authorId,
    platformKeys.teacherDashboard(),
    platformKeys.teacherMaterials(),
    platformKeys.teacherStudents(),
  );
}

function tellStudent(change: RowChange<Image>, studentId: number, parentId: number | null | undefined): Told[] {
  if (comesOrGoes(change)) return tellStudentOfProgress(studentId);
  if (differs(change, 'subject_id')) {
    // What was progress in one subject is progress in another.
    return [
      ...tellStudentOfProgress(studentId),
      ...tell('parent', parentId, platformKeys.parentDashboard(), platformKeys.childProgress(studentId)),
    ];
  }
  const isRenamed = differs(change, 'title', 'type');
  return tell(
    'student',
    studentId,
    platformKeys.studentMaterials(),
    ...(isRenamed ? [platformKeys.studentDashboard()] : []),
  );
}

function isSeen(change: RowChange<Image>): boolean {
  return imagesOf(change).some(({ status }) => status === 'active');
}

/** Whether it becomes visible, or ceases to be. */
function comesOrGoes({ before, after }: RowChange<Image>): boolean {
  return (before?.status === 'active') !== (after?.status === 'active');
}

/** Who has materials, by material. */
type Assigned = ReadonlyMap<number, number[]>;

const assignedRows = z.array(z.object({ material_id: z.int(), student_id: z.int() }));

/** Who has these materials now, in one statement. */
async function assignedOf(pool: SqlPool, materialIds: readonly number[]): Promise<Assigned> {
  if (materialIds.length === 0) return new Map();
  const { rows } = await pool.query(
    `SELECT material_id, student_id FROM material_assignments
      WHERE material_id = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::int))`,
    [JSON.stringify(materialIds)],
  );
  return grouped(assignedRows.parse(rows), ({ material_id, student_id }) => [material_id, student_id]);
}
