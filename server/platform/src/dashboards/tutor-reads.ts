import type { TutorStudent } from '@querycast/platform-protocol';
import { asc, eq } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import { studentProfiles, users } from '../db/schema.js';
import { fullName } from '../people/people-queries.js';
import { listEnrolledSubjects } from './enrolled-subjects.js';

const parents = alias(users, 'parents');

/** `GET /api/tutor/students`, in two statements whatever the number of students. */
export async function readTutorStudents(db: Database, tutorId: number): Promise<TutorStudent[]> {
  const rows = await db
    .select({
      id: users.id,
      name: fullName(),
      grade: studentProfiles.grade,
      goal: studentProfiles.goal,
      parentId: parents.id,
      parentName: fullName(parents),
    })
    .from(studentProfiles)
    .innerJoin(users, eq(users.id, studentProfiles.userId))
    .leftJoin(parents, eq(parents.id, studentProfiles.parentId))
    .where(eq(studentProfiles.tutorId, tutorId))
    .orderBy(asc(users.firstName), asc(users.id));
  const subjectsByStudent = await listEnrolledSubjects(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ parentId, parentName, ...student }) => ({
    ...student,
    parent: parentId === null ? null : { id: parentId, name: parentName },
    // Tutors do not see when: the fields of the contract, no more.
    subjects: (subjectsByStudent.get(student.id) ?? []).map(({ enrolledAt: _, ...subject }) => subject),
  }));
}
