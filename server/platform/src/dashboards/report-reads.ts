import type { StudentReport, TeacherWeeklyReport, TutorWeeklyReport } from '@querycast/platform-protocol';
import { and, desc, eq, ne, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import { studentReports, teacherWeeklyReports, tutorWeeklyReports, users } from '../db/schema.js';
import { fullName } from '../people/people-queries.js';
import { dated } from './dated.js';
import { childrenOf, studentsOfTutor } from './student-sets.js';

const students = alias(users, 'students');
const tutors = alias(users, 'tutors');
const teachers = alias(users, 'teachers');
const parents = alias(users, 'parents');

/** The weekly reports a tutor wrote, in one statement. */
export function readTutorsWeeklyReports(db: Database, tutorId: number): Promise<TutorWeeklyReport[]> {
  return selectTutorWeekly(db, eq(tutorWeeklyReports.tutorId, tutorId));
}

/** One weekly report of a tutor, in one statement. */
export async function findTutorWeekly(db: Database, reportId: number): Promise<TutorWeeklyReport | undefined> {
  return (await selectTutorWeekly(db, eq(tutorWeeklyReports.id, reportId)))[0];
}

/** The weekly reports a parent was sent about whoever is their child now, in one statement. */
export function readParentsWeeklyReports(db: Database, parentId: number): Promise<TutorWeeklyReport[]> {
  return selectTutorWeekly(db, sentToParent(tutorWeeklyReports, parentId));
}

/** The weekly reports a teacher wrote, in one statement. */
export function readTeachersWeeklyReports(db: Database, teacherId: number): Promise<TeacherWeeklyReport[]> {
  return selectTeacherWeekly(db, eq(teacherWeeklyReports.teacherId, teacherId));
}

/** One weekly report of a teacher, in one statement. */
export async function findTeacherWeekly(db: Database, reportId: number): Promise<TeacherWeeklyReport | undefined> {
  return (await selectTeacherWeekly(db, eq(teacherWeeklyReports.id, reportId)))[0];
}

/** The weekly reports a tutor was sent about whoever is their student now, in one statement. */
export function readReceivedTeacherReports(db: Database, tutorId: number): Promise<TeacherWeeklyReport[]> {
  const { status, studentId } = teacherWeeklyReports;
  const sent = and(eq(teacherWeeklyReports.tutorId, tutorId), ne(status, 'draft'), studentsOfTutor(tutorId)(studentId));
  return selectTeacherWeekly(db, sent);
}

/** The reports on a child that its parent was sent, in one statement. */
export function readChildReports(db: Database, parentId: number, childId: number): Promise<StudentReport[]> {
  return selectStudentReports(db, and(sentToParent(studentReports, parentId), eq(studentReports.studentId, childId)));
}

/** The reports a teacher wrote on a student, in one statement. */
export function readWrittenReports(db: Database, teacherId: number, studentId: number): Promise<StudentReport[]> {
  return selectStudentReports(
    db,
    and(eq(studentReports.teacherId, teacherId), eq(studentReports.studentId, studentId)),
  );
}

/** Sent to this parent, about whoever is their child now: a child's new parent does not read letters to the old one. */
export function sentToParent(
  table: typeof tutorWeeklyReports | typeof studentReports,
  parentId: number,
): SQL | undefined {
  return and(eq(table.parentId, parentId), ne(table.status, 'draft'), childrenOf(parentId)(table.studentId));
}

async function selectTutorWeekly(db: Database, where: SQL | undefined): Promise<TutorWeeklyReport[]> {
  const table = tutorWeeklyReports;
  const rows = await db
    .select({
      id: table.id,
      student: { id: students.id, name: fullName(students) },
      tutor: { id: tutors.id, name: fullName(tutors) },
      parent: { id: parents.id, name: fullName(parents) },
      weekStartDate: table.weekStartDate,
      summary: table.summary,
      status: table.status,
      sentAt: table.sentAt,
    })
    .from(table)
    .innerJoin(students, eq(students.id, table.studentId))
    .innerJoin(tutors, eq(tutors.id, table.tutorId))
    .leftJoin(parents, eq(parents.id, table.parentId))
    .where(where)
    .orderBy(desc(table.weekStartDate), desc(table.id));
  return rows.map(dated);
}

async function selectTeacherWeekly(db: Database, where: SQL | undefined): Promise<TeacherWeeklyReport[]> {
  const table = teacherWeeklyReports;
  const rows = await db
    .select({
      id: table.id,
      student: { id: students.id, name: fullName(students) },
      teacher: { id: teachers.id, name: fullName(teachers) },
      tutor: { id: tutors.id, name: fullName(tutors) },
      weekStartDate: table.weekStartDate,
      summary: table.summary,
      status: table.status,
      sentAt: table.sentAt,
    })
    .from(table)
    .innerJoin(students, eq(students.id, table.studentId))
    .innerJoin(teachers, eq(teachers.id, table.teacherId))
    .leftJoin(tutors, eq(tutors.id, table.tutorId))
    .where(where)
    .orderBy(desc(table.weekStartDate), desc(table.id));
  return rows.map(dated);
}

async function selectStudentReports(db: Database, where: SQL | undefined): Promise<StudentReport[]> {
  const table = studentReports;
  const rows = await db
    .select({
      id: table.id,
      studentId: table.studentId,
      teacher: { id: teachers.id, name: fullName(teachers) },
      title: table.title,
      content: table.content,
      status: table.status,
      sentAt: table.sentAt,
    })
    .from(table)
    .innerJoin(teachers, eq(teachers.id, table.teacherId))
    .where(where)
    .orderBy(desc(table.id));
  return rows.map(dated);
}
