import type { AssignedStudent, OpenMaterial, SubjectMaterials, TeacherMaterial } from '@querycast/platform-protocol';
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import { materialAssignments, materialProgress, materials, subjects, users } from '../db/schema.js';
import { fullName } from '../people/people-queries.js';
import { grouped } from './grouped.js';
import { listStudentSubjects } from './progress-reads.js';

const authors = alias(users, 'authors');
const students = alias(users, 'students');

/** How many materials the dashboard of a student shows. */
const OPEN_ON_DASHBOARD = 5;

const percentage = sql<number>`coalesce(${materialProgress.progressPercentage}, 0)`;
const isCompleted = sql<boolean>`coalesce(${materialProgress.isCompleted}, false)`;
const ofAssignment = and(
  eq(materialProgress.studentId, materialAssignments.studentId),
  eq(materialProgress.materialId, materialAssignments.materialId),
);

/** What a student has to work through, by subject, in three statements. */
export async function readStudentMaterials(db: Database, studentId: number): Promise<SubjectMaterials[]> {
  const [subjectsOfStudent, rows] = await Promise.all([
    listStudentSubjects(db, studentId),
    db
      .select({
        subjectId: materials.subjectId,
        id: materials.id,
        title: materials.title,
        type: materials.type,
        author: { id: authors.id, name: fullName(authors) },
        progressPercentage: percentage,
        timeSpentMinutes: sql<number>`coalesce(${materialProgress.timeSpentMinutes}, 0)`,
        isCompleted,
      })
      .from(materialAssignments)
      .innerJoin(materials, and(eq(materials.id, materialAssignments.materialId), eq(materials.status, 'active')))
      .innerJoin(authors, eq(authors.id, materials.authorId))
      .leftJoin(materialProgress, ofAssignment)
      .where(eq(materialAssignments.studentId, studentId))
      .orderBy(desc(materialAssignments.assignedAt), desc(materials.id)),
  ]);
  const bySubject = grouped(rows, ({ subjectId, ...material }) => [subjectId, material]);
  return subjectsOfStudent.map(({ id, name, color, teachers }) => ({
    subjectId: id,
    name,
    color,
    teachers,
    materials: bySubject.get(id) ?? [],
  }));
}

/** What a student has not completed, longest assigned first, in one statement. */
export async function listOpenMaterials(db: Database, studentId: number): Promise<OpenMaterial[]> {
  return db
    .select({
      id: materials.id,
      title: materials.title,
      type: materials.type,
      subject: { id: subjects.id, name: subjects.name, color: subjects.color },
      progressPercentage: percentage,
    })
    .from(materialAssignments)
    .innerJoin(materials, and(eq(materials.id, materialAssignments.materialId), eq(materials.status, 'active')))
    .innerJoin(subjects, eq(subjects.id, materials.subjectId))
    .leftJoin(materialProgress, ofAssignment)
    .where(and(eq(materialAssignments.studentId, studentId), sql`NOT ${isCompleted}`))
    .orderBy(asc(materialAssignments.assignedAt), asc(materials.id))
    .limit(OPEN_ON_DASHBOARD);
}

/** What a teacher wrote, newest first, each with whoever has it, in two statements. */
export async function readTeacherMaterials(db: Database, teacherId: number): Promise<TeacherMaterial[]> {
  const [written, assigned] = await Promise.all([
    db
      .select({
        id: materials.id,
        title: materials.title,
        type: materials.type,
        status: materials.status,
        subject: { id: subjects.id, name: subjects.name, color: subjects.color },
      })
      .from(materials)
      .innerJoin(subjects, eq(subjects.id, materials.subjectId))
      .where(eq(materials.authorId, teacherId))
      .orderBy(desc(materials.id)),
    listAssignedStudents(db, teacherId),
  ]);
  return written.map((material) => ({ ...material, students: assigned.get(material.id) ?? [] }));
}

async function listAssignedStudents(db: Database, teacherId: number): Promise<ReadonlyMap<number, AssignedStudent[]>> {
  const rows = await db
    .select({
      materialId: materials.id,
      id: students.id,
      name: fullName(students),
      progressPercentage: percentage,
      isCompleted,
    })
    .from(materials)
    .innerJoin(materialAssignments, eq(materialAssignments.materialId, materials.id))
    .innerJoin(students, eq(students.id, materialAssignments.studentId))
    .leftJoin(materialProgress, ofAssignment)
    .where(eq(materials.authorId, teacherId))
    .orderBy(asc(students.firstName), asc(students.id));
  return grouped(rows, ({ materialId, ...student }) => [materialId, student]);
}
