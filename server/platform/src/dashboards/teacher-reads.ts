import type { TeacherDashboard, TeacherStudent } from '@querycast/platform-protocol';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import {
  materialAssignments,
  materialProgress,
  materials,
  studentProfiles,
  studyPlans,
  subjectEnrollments,
  subjects,
  users,
} from '../db/schema.js';
import { fullName, readPersonName } from '../people/people-queries.js';
import { grouped } from './grouped.js';
import { studentsOfTeacher } from './student-sets.js';
import { averageOf, listTotals, progressOf } from './student-totals.js';
import { countPlans, listTeachersNewestPlans } from './study-plan-reads.js';

/** How many students the dashboard names. */
const BEHIND = 10;

/** `GET /api/teacher/dashboard`, in eight statements whatever the number of students. */
export async function readTeacherDashboard(db: Database, teacherId: number): Promise<TeacherDashboard> {
  const own = eq(studyPlans.teacherId, teacherId);
  const [teacher, enrolled, totals, lessons, atWork, draftPlans, sentPlans, plans] = await Promise.all([
    readPersonName(db, teacherId),
    listStudents(db, teacherId),
    listTotals(db, studentsOfTeacher(teacherId), teacherId),
    listLessons(db, teacherId),
    countActiveMaterials(db, teacherId),
    countPlans(db, 'draft', own),
    countPlans(db, 'sent', own),
    listTeachersNewestPlans(db, teacherId),
  ]);
  const withMaterials = enrolled
    .map(({ id, name }) => ({ id, name, ...progressOf(totals.get(id) ?? []) }))
    .filter((student) => student.materials > 0);
  return {
    teacher,
    statistics: {
      students: enrolled.length,
      averageProgress: averageOf(withMaterials.map(({ progress }) => progress)),
      ...atWork,
      draftPlans,
      sentPlans,
    },
    subjects: countBySubject(lessons),
    behind: withMaterials
      .sort((a, b) => a.progress - b.progress || a.id - b.id)
      .slice(0, BEHIND)
      .map(({ id, name, progress }) => ({ id, name, progress })),
    studyPlans: plans,
  };
}

/** `GET /api/teacher/students`, in three statements whatever the number of students. */
export async function readTeacherStudents(db: Database, teacherId: number): Promise<TeacherStudent[]> {
  const [enrolled, totals, lessons] = await Promise.all([
    listStudents(db, teacherId),
    listTotals(db, studentsOfTeacher(teacherId), teacherId),
    listLessons(db, teacherId),
  ]);
  const byStudent = grouped(lessons, ({ studentId, subjectName: _, ...subject }) => [studentId, subject]);
  return enrolled.map((student) => ({
    ...student,
    ...progressOf(totals.get(student.id) ?? []),
    subjects: byStudent.get(student.id) ?? [],
  }));
}

function listStudents(db: Database, teacherId: number) {
  return db
    .select({
      id: users.id,
      name: fullName(),
      grade: sql<number>`coalesce(${studentProfiles.grade}, 0)`,
      goal: sql<string>`coalesce(${studentProfiles.goal}, '')`,
      isActive: users.isActive,
    })
    .from(users)
    .leftJoin(studentProfiles, eq(studentProfiles.userId, users.id))
    .where(studentsOfTeacher(teacherId)(users.id))
    .orderBy(asc(users.firstName), asc(users.id));
}

/** Every active enrollment with this teacher. */
function listLessons(db: Database, teacherId: number) {
  const name = sql<string>`COALESCE(${subjectEnrollments.customSubjectName}, ${subjects.name})`;
  return db
    .select({
      studentId: subjectEnrollments.studentId,
      enrollmentId: subjectEnrollments.id,
      subjectId: subjects.id,
      name,
      subjectName: subjects.name,
      color: subjects.color,
    })
    .from(subjectEnrollments)
    .innerJoin(subjects, eq(subjects.id, subjectEnrollments.subjectId))
    .where(and(eq(subjectEnrollments.teacherId, teacherId), subjectEnrollments.isActive))
    .orderBy(asc(subjects.name), asc(subjectEnrollments.id));
}

/** How many materials of a teacher are active, how often they are assigned, and how often completed. */
async function countActiveMaterials(db: Database, teacherId: number) {
  const [row] = await db
    .select({
      materials: sql<number>`count(DISTINCT ${materials.id})::int`,
      assignments: sql<number>`count(${materialAssignments.studentId})::int`,
      completed: sql<number>`(count(*) FILTER (WHERE ${materialProgress.isCompleted}))::int`,
    })
    .from(materials)
    .leftJoin(materialAssignments, eq(materialAssignments.materialId, materials.id))
    .leftJoin(
      materialProgress,
      and(
        eq(materialProgress.materialId, materialAssignments.materialId),
        eq(materialProgress.studentId, materialAssignments.studentId),
      ),
    )
    .where(and(eq(materials.authorId, teacherId), eq(materials.status, 'active')));
  return row ?? { materials: 0, assignments: 0, completed: 0 };
}

function countBySubject(lessons: Awaited<ReturnType<typeof listLessons>>): TeacherDashboard['subjects'] {
  const bySubject = grouped(lessons, ({ subjectId, subjectName, color }) => [
    subjectId,
    { id: subjectId, name: subjectName, color },
  ]);
  return [...bySubject.values()].flatMap(([first, ...rest]) =>
    first ? [{ ...first, students: 1 + rest.length }] : [],
  );
}
