import type { Role } from '@querycast/platform-protocol';
import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import {
  materialAssignments,
  materialProgress,
  materials,
  sessions,
  studentProfiles,
  studentReports,
  studyPlans,
  subjectEnrollments,
  subjects,
  teacherSubjects,
  teacherWeeklyReports,
  tutorWeeklyReports,
  users,
} from '../db/schema.js';
import { signAccessToken } from '../sessions/access-token.js';

/** Where the oracle's people begin, small enough that every write concerns somebody, and with two of each for whoever is not concerned. */
export const PEOPLE: readonly { readonly id: number; readonly role: Role }[] = [
  ...[1, 2, 3].map((id) => ({ id, role: 'parent' as const })),
  ...[11, 12, 13, 14].map((id) => ({ id, role: 'student' as const })),
  ...[21, 22].map((id) => ({ id, role: 'teacher' as const })),
  ...[31, 32].map((id) => ({ id, role: 'tutor' as const })),
  { id: 41, role: 'admin' },
];

/** What is taught; each teacher teaches two, one of them both. */
export const SUBJECTS = [1, 2, 3] as const;
const TEACHINGS = [
  { teacherId: 21, subjectId: 1 },
  { teacherId: 21, subjectId: 2 },
  { teacherId: 22, subjectId: 2 },
  { teacherId: 22, subjectId: 3 },
] as const;

/** Tables whose rows get their ids from a sequence. */
const SEQUENCES = [
  'users',
  'subject_enrollments',
  'study_plans',
  'materials',
  'tutor_weekly_reports',
  'teacher_weekly_reports',
  'student_reports',
];

/** The access token of each person, for as long as a run takes. */
export type Tokens = ReadonlyMap<number, string>;

/** Deletes everything and makes the people anew. */
export async function resetWorld(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(users);
    await tx.delete(subjects);
    await insertPeople(
      tx,
      PEOPLE.map(({ id }) => id),
    );
    await tx.insert(subjects).values(SUBJECTS.map(subjectRow));
    await tx.insert(teacherSubjects).values([...TEACHINGS]);
    await tx.insert(studentProfiles).values([
      { userId: 11, parentId: 1, tutorId: 31, grade: 5 },
      { userId: 12, parentId: 1, tutorId: 32, grade: 6 },
      { userId: 13, parentId: 2, tutorId: 31, grade: 7 },
      { userId: 14, tutorId: 32, grade: 8 },
    ]);
    await tx.insert(subjectEnrollments).values([
      { id: 1, studentId: 11, subjectId: 1, teacherId: 21 },
      { id: 2, studentId: 12, subjectId: 2, teacherId: 22 },
      { id: 3, studentId: 13, subjectId: 2, teacherId: 21 },
      // One subject with two teachers.
      { id: 4, studentId: 12, subjectId: 2, teacherId: 21 },
    ]);
    await insertLessonsWork(tx);
    // The same ids in every run, or a failure could not be repeated.
    for (const table of SEQUENCES) {
      await tx.execute(sql.raw(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), 1000)`));
    }
  });
}

/** Something of every kind to change from the first write on. */
async function insertLessonsWork(tx: Database): Promise<void> {
  const active = { type: 'lesson', status: 'active' } as const;
  await tx.insert(materials).values([
    { id: 1, authorId: 21, subjectId: 1, title: 'First', ...active },
    { id: 2, authorId: 21, subjectId: 2, title: 'Second', ...active },
    { id: 3, authorId: 22, subjectId: 2, title: 'Third', ...active },
  ]);
  await tx.insert(materialAssignments).values([
    { materialId: 1, studentId: 11 },
    { materialId: 2, studentId: 11 },
    { materialId: 2, studentId: 13 },
    { materialId: 3, studentId: 12 },
  ]);
  await tx.insert(materialProgress).values({ studentId: 11, materialId: 1, progressPercentage: 30 });
  const plan = { title: 'Plan', content: 'What to do this week', weekStartDate: '2026-09-07' };
  const sent = { status: 'sent', sentAt: new Date(0) } as const;
  await tx.insert(studyPlans).values([
    { id: 1, teacherId: 21, studentId: 11, subjectId: 1, ...plan, ...sent },
    { id: 2, teacherId: 22, studentId: 12, subjectId: 2, ...plan },
  ]);
  const week = { weekStartDate: '2026-08-31', summary: 'A week' };
  await tx.insert(tutorWeeklyReports).values([
    { id: 1, tutorId: 31, parentId: 1, studentId: 11, ...week, ...sent },
    { id: 2, tutorId: 32, parentId: 1, studentId: 12, ...week },
  ]);
  await tx.insert(teacherWeeklyReports).values([
    { id: 1, teacherId: 21, tutorId: 31, studentId: 11, ...week, ...sent },
    { id: 2, teacherId: 22, tutorId: 32, studentId: 12, ...week },
  ]);
  const report = { title: 'Report', content: 'What there is to say' };
  await tx.insert(studentReports).values([
    { id: 1, teacherId: 21, parentId: 1, studentId: 11, ...report, ...sent },
    { id: 2, teacherId: 22, parentId: 1, studentId: 12, ...report },
  ]);
}

/** Adds people of the world with the session that their token is for. */
export async function insertPeople(db: Database, ids: readonly number[]): Promise<void> {
  const people = PEOPLE.filter(({ id }) => ids.includes(id));
  await db.insert(users).values(
    people.map(({ id, role }) => ({
      id,
      role,
      email: `person${id}@oracle.test`,
      passwordHash: '',
      firstName: `First${id}`,
      lastName: `Last${id}`,
    })),
  );
  await openSessions(db, ids);
}

/** Lets people of the world act again. */
export async function openSessions(db: Database, ids: readonly number[]): Promise<void> {
  const expiresAt = new Date(Date.now() + 86_400_000);
  await db
    .insert(sessions)
    .values(ids.map((userId) => ({ id: sessionOf(userId), userId, expiresAt })))
    .onConflictDoUpdate({ target: sessions.id, set: { revokedAt: null } });
}

/** Adds a subject of the world with those who teach it. */
export async function insertSubject(db: Database, id: number): Promise<void> {
  await db.insert(subjects).values(subjectRow(id));
  const existing = new Set((await db.select({ id: users.id }).from(users)).map((user) => user.id));
  const taught = TEACHINGS.filter(({ subjectId, teacherId }) => subjectId === id && existing.has(teacherId));
  if (taught.length > 0) await db.insert(teacherSubjects).values(taught).onConflictDoNothing();
}

/** Adds what a teacher of the world teaches, of the subjects that exist. */
export async function insertTeachings(db: Database, teacherId: number): Promise<void> {
  const existing = new Set((await db.select({ id: subjects.id }).from(subjects)).map((subject) => subject.id));
  const taught = TEACHINGS.filter((teaching) => teaching.teacherId === teacherId && existing.has(teaching.subjectId));
  if (taught.length > 0) await db.insert(teacherSubjects).values(taught).onConflictDoNothing();
}

/** Signs a token for everybody. */
export async function signTokens(secret: string): Promise<Tokens> {
  const tokens = PEOPLE.map(async ({ id, role }): Promise<[number, string]> => {
    const { token } = await signAccessToken(secret, { userId: id, sessionId: sessionOf(id), role }, Date.now());
    return [id, token];
  });
  return new Map(await Promise.all(tokens));
}

function sessionOf(userId: number): string {
  return `oracle-${userId}`;
}

function subjectRow(id: number) {
  return { id, name: `Subject ${id}`, color: '#000000' };
}
