import type { TutorDashboard, TutorStudent } from '@querycast/platform-protocol';
import { asc, eq } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import { studentProfiles, users } from '../db/schema.js';
import { fullName, readPersonName } from '../people/people-queries.js';
import { listEnrolledSubjects } from './enrolled-subjects.js';
import { studentsOfTutor } from './student-sets.js';
import { averageOf, listTotals, progressOf } from './student-totals.js';

const parents = alias(users, 'parents');

/** `GET /api/tutor/dashboard`, in four statements whatever the number of students. */
export async function readTutorDashboard(db: Database, tutorId: number): Promise<TutorDashboard> {
  const [tutor, rows] = await Promise.all([readPersonName(db, tutorId), readTutorStudents(db, tutorId)]);
  const students = rows.map(({ parent: _, isActive: __, subjects, ...student }) => ({
    ...student,
    subjects: subjects.length,
  }));
  return {
    tutor,
    statistics: {
      students: students.length,
      averageProgress: averageOf(students.map(({ progress }) => progress)),
      subjects: students.reduce((sum, student) => sum + student.subjects, 0),
      withoutSubjects: students.filter((student) => student.subjects === 0).length,
    },
    students,
  };
}

/** `GET /api/tutor/students`, in three statements whatever the number of students. */
export async function readTutorStudents(db: Database, tutorId: number): Promise<TutorStudent[]> {
  const of = studentsOfTutor(tutorId);
  const [rows, enrolled, totals] = await Promise.all([
    db
      .select({
        id: users.id,
        name: fullName(),
        grade: studentProfiles.grade,
        goal: studentProfiles.goal,
        isActive: users.isActive,
        parent: { id: parents.id, name: fullName(parents) },
      })
      .from(studentProfiles)
      .innerJoin(users, eq(users.id, studentProfiles.userId))
      .leftJoin(parents, eq(parents.id, studentProfiles.parentId))
      .where(eq(studentProfiles.tutorId, tutorId))
      .orderBy(asc(users.firstName), asc(users.id)),
    listEnrolledSubjects(db, of),
    listTotals(db, of),
  ]);
  return rows.map((student) => ({
    ...student,
    ...progressOf(totals.get(student.id) ?? []),
    // Tutors do not see when: the fields of the contract, no more.
    subjects: (enrolled.get(student.id) ?? []).map(({ enrolledAt: _, ...subject }) => subject),
  }));
}
