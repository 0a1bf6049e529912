import type { AssignSubject, PersonName, Subject } from '@querycast/platform-protocol';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { subjects, teacherSubjects, users } from '../db/schema.js';
import { fullName } from '../people/people-queries.js';

/** Every subject with its active teachers, in one statement. */
export async function listSubjects(db: Database): Promise<Subject[]> {
  const rows = await db
    .select({
      id: subjects.id,
      name: subjects.name,
      color: subjects.color,
      description: subjects.description,
      teacherId: users.id,
      teacherName: fullName(),
    })
    .from(subjects)
    .leftJoin(teacherSubjects, eq(teacherSubjects.subjectId, subjects.id))
    .leftJoin(users, and(eq(users.id, teacherSubjects.teacherId), eq(users.isActive, true)))
    .orderBy(asc(subjects.name), asc(subjects.id), asc(users.lastName), asc(users.id));
  const list = new Map<number, Subject & { teachers: PersonName[] }>();
  for (const { teacherId, teacherName, ...subject } of rows) {
    const entry = list.get(subject.id) ?? { ...subject, teachers: [] };
    if (teacherId !== null) entry.teachers.push({ id: teacherId, name: teacherName });
    list.set(subject.id, entry);
  }
  return [...list.values()];
}

/** For each of these, in one statement: whether the subject exists, and whether this active teacher teaches it. */
export async function findTeachings(db: Database, lessons: readonly AssignSubject[]) {
  const rows = await db
    .select({ subjectId: subjects.id, teacherId: users.id })
    .from(subjects)
    .leftJoin(teacherSubjects, eq(teacherSubjects.subjectId, subjects.id))
    .leftJoin(users, and(eq(users.id, teacherSubjects.teacherId), eq(users.isActive, true)))
    .where(
      inArray(
        subjects.id,
        lessons.map(({ subjectId }) => subjectId),
      ),
    );
  return lessons.map((lesson) => {
    const ofSubject = rows.filter(({ subjectId }) => subjectId === lesson.subjectId);
    return {
      subjectExists: ofSubject.length > 0,
      teaches: ofSubject.some(({ teacherId }) => teacherId === lesson.teacherId),
    };
  });
}
