import { eq, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { studentProfiles, subjectEnrollments } from '../db/schema.js';

/** Which students a read is about, as a condition on the column that holds their id; costs no statement of its own. */
export type StudentSet = (studentId: AnyPgColumn) => SQL;

/** One student. */
export function oneStudent(id: number): StudentSet {
  return (studentId) => eq(studentId, id);
}

/** The children of a parent. */
export function childrenOf(parentId: number): StudentSet {
  return (studentId) =>
    sql`${studentId} IN (SELECT ${studentProfiles.userId} FROM ${studentProfiles} WHERE ${studentProfiles.parentId} = ${parentId})`;
}

/** The students of a tutor. */
export function studentsOfTutor(tutorId: number): StudentSet {
  return (studentId) =>
    sql`${studentId} IN (SELECT ${studentProfiles.userId} FROM ${studentProfiles} WHERE ${studentProfiles.tutorId} = ${tutorId})`;
}

/** The students enrolled with a teacher now. */
export function studentsOfTeacher(teacherId: number): StudentSet {
  return (studentId) =>
    sql`${studentId} IN (SELECT ${subjectEnrollments.studentId} FROM ${subjectEnrollments}
      WHERE ${subjectEnrollments.teacherId} = ${teacherId} AND ${subjectEnrollments.isActive})`;
}
