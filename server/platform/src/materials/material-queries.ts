import type { CreateMaterial, EditMaterial, Material } from '@querycast/platform-protocol';
import { and, eq, inArray, notInArray, or, sql } from 'drizzle-orm';
import { studentsOfTeacher } from '../dashboards/student-sets.js';
import type { Database } from '../db/database.js';
import { materialAssignments, materials, users } from '../db/schema.js';

const columns = {
  id: materials.id,
  subjectId: materials.subjectId,
  title: materials.title,
  type: materials.type,
  status: materials.status,
};

/** Writes a material; without a status as a draft. */
export async function insertMaterial(db: Database, authorId: number, material: CreateMaterial): Promise<Material> {
  const [row] = await db
    .insert(materials)
    .values({ ...material, authorId })
    .returning(columns);
  if (!row) throw new Error('an insert returned no row');
  return row;
}

/**
 * Locks a material of this author until the transaction ends, so that two who change it or its assignments do so one
 * after the other; `undefined` when there is none.
 */
export async function lockMaterial(tx: Database, authorId: number, materialId: number): Promise<Material | undefined> {
  const [row] = await tx.select(columns).from(materials).where(ofAuthor(authorId, materialId)).for('no key update');
  return row;
}

/**
 * Keeps a material active until the transaction ends; answers whether it is. Whoever also locks its assignments or
 * progress does this first, as its author's writes do, or the two would wait for each other.
 */
export async function holdActiveMaterial(tx: Database, materialId: number): Promise<boolean> {
  const rows = await tx
    .select({ id: materials.id })
    .from(materials)
    .where(and(eq(materials.id, materialId), eq(materials.status, 'active')))
    .for('share');
  return rows.length > 0;
}

/** Changes a material of this author. */
export async function updateMaterial(
  db: Database,
  authorId: number,
  materialId: number,
  fields: EditMaterial,
): Promise<Material | undefined> {
  const [row] = await db.update(materials).set(fields).where(ofAuthor(authorId, materialId)).returning(columns);
  return row;
}

/** Deletes a material of this author with all assignments and progress; answers whether there was one. */
export async function deleteMaterial(db: Database, authorId: number, materialId: number): Promise<boolean> {
  const rows = await db.delete(materials).where(ofAuthor(authorId, materialId)).returning({ id: materials.id });
  return rows.length > 0;
}

/**
 * Which of these students a teacher may give a material to, in one statement: those enrolled with the teacher now, and
 * those who have it already.
 */
export async function findAssignable(
  db: Database,
  teacherId: number,
  materialId: number,
  studentIds: readonly number[],
): Promise<ReadonlySet<number>> {
  const hasIt = sql`${users.id} IN (SELECT ${materialAssignments.studentId} FROM ${materialAssignments}
    WHERE ${materialAssignments.materialId} = ${materialId})`;
  const rows = await db
    .select({ id: users.id })
    .from(users)
    .where(and(inArray(users.id, [...studentIds]), or(studentsOfTeacher(teacherId)(users.id), hasIt)));
  return new Set(rows.map(({ id }) => id));
}

/** Leaves a material with exactly these students, in two statements. Who has it already keeps the day they got it. */
export async function replaceAssignments(
  tx: Database,
  materialId: number,
  studentIds: readonly number[],
): Promise<void> {
  const table = materialAssignments;
  await tx.delete(table).where(and(eq(table.materialId, materialId), notInArray(table.studentId, [...studentIds])));
  if (studentIds.length === 0) return;
  await tx
    .insert(table)
    .values(studentIds.map((studentId) => ({ materialId, studentId })))
    .onConflictDoNothing();
}

function ofAuthor(authorId: number, materialId: number) {
  return and(eq(materials.id, materialId), eq(materials.authorId, authorId));
}
