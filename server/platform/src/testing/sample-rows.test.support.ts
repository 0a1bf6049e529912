import type { PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import {
  materialAssignments,
  materialProgress,
  materials,
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

/** Adds rows past the API. Whatever is not given is made up; each function answers the id of its row. */
export type SampleRows = ReturnType<typeof createSampleRows>;

type Given<Table extends PgTable, Needed extends keyof Table['$inferInsert']> = Partial<Table['$inferInsert']> &
  Pick<Table['$inferInsert'], Needed>;

const WEEK_MS = 7 * 24 * 3_600_000;
/** Far from the present: demo data have reports about the week they were loaded in. */
const FIRST_MONDAY_MS = Date.parse('2050-01-03');

/** For what must be unique in a database, whoever adds it. */
let made = 0;

/** Creates the functions over a database or a transaction in it. */
export function createSampleRows(db: Database) {
  return {
    async person(row: Given<typeof users, 'role'>): Promise<number> {
      made += 1;
      const defaults = { email: `sample${made}@demo.test`, passwordHash: '', firstName: 'Sample', lastName: `${made}` };
      return idOf(
        await db
          .insert(users)
          .values({ ...defaults, ...row })
          .returning({ id: users.id }),
      );
    },

    async student({ id, ...profile }: Partial<typeof studentProfiles.$inferInsert> & { id?: number }): Promise<number> {
      const userId = await this.person({ role: 'student', ...(id !== undefined && { id }) });
      await db.insert(studentProfiles).values({ grade: 5, ...profile, userId });
      return userId;
    },

    async subject(row: Partial<typeof subjects.$inferInsert> & { readonly teacherId: number }): Promise<number> {
      const { teacherId, ...fields } = row;
      made += 1;
      const values = { name: `Subject ${made}`, color: '#123456', ...fields };
      const subjectId = idOf(await db.insert(subjects).values(values).returning({ id: subjects.id }));
      await db.insert(teacherSubjects).values({ teacherId, subjectId });
      return subjectId;
    },

    /** Takes up again what is there already. */
    async enrollment(row: Given<typeof subjectEnrollments, 'studentId' | 'subjectId' | 'teacherId'>): Promise<number> {
      const { studentId, subjectId, teacherId } = subjectEnrollments;
      return idOf(
        await db
          .insert(subjectEnrollments)
          .values(row)
          .onConflictDoUpdate({ target: [studentId, subjectId, teacherId], set: { isActive: true } })
          .returning({ id: subjectEnrollments.id }),
      );
    },

    /** Active unless told otherwise, and assigned to `studentIds`. */
    async material(
      row: Given<typeof materials, 'authorId' | 'subjectId'> & { readonly studentIds?: readonly number[] },
    ): Promise<number> {
      const { studentIds = [], ...fields } = row;
      const values = { title: 'A material', type: 'lesson', status: 'active', ...fields } as const;
      const materialId = idOf(await db.insert(materials).values(values).returning({ id: materials.id }));
      for (const studentId of studentIds) await db.insert(materialAssignments).values({ materialId, studentId });
      return materialId;
    },

    async progress(row: typeof materialProgress.$inferInsert): Promise<void> {
      await db.insert(materialProgress).values(row);
    },

    /** A draft unless told otherwise. */
    async studyPlan(row: Given<typeof studyPlans, 'studentId' | 'subjectId' | 'teacherId'>): Promise<number> {
      const values = { title: 'A plan', content: 'Ten exercises.', weekStartDate: '2027-01-04', ...sent(row), ...row };
      return idOf(await db.insert(studyPlans).values(values).returning({ id: studyPlans.id }));
    },

    /** A draft unless told otherwise. */
    async studentReport(row: Given<typeof studentReports, 'studentId' | 'teacherId'>): Promise<number> {
      const values = { title: 'A report', content: 'All is well.', ...sent(row), ...row };
      return idOf(await db.insert(studentReports).values(values).returning({ id: studentReports.id }));
    },

    /** A draft of a week of its own unless told otherwise. */
    async tutorReport(row: Given<typeof tutorWeeklyReports, 'studentId' | 'tutorId'>): Promise<number> {
      const values = { weekStartDate: nextWeek(), summary: 'A week of a tutor.', ...sent(row), ...row };
      return idOf(await db.insert(tutorWeeklyReports).values(values).returning({ id: tutorWeeklyReports.id }));
    },

    /** A draft of a week of its own unless told otherwise. */
    async teacherReport(row: Given<typeof teacherWeeklyReports, 'studentId' | 'teacherId'>): Promise<number> {
      const values = { weekStartDate: nextWeek(), summary: 'A week of a teacher.', ...sent(row), ...row };
      return idOf(await db.insert(teacherWeeklyReports).values(values).returning({ id: teacherWeeklyReports.id }));
    },
  };
}

/** A Monday that no other report of a run is about, nor one of the demo: there is one for each week. */
export function nextWeek(): string {
  made += 1;
  return new Date(FIRST_MONDAY_MS + made * WEEK_MS).toISOString().slice(0, 10);
}

function sent({ status }: { readonly status?: string | undefined }): { sentAt?: Date } {
  return status === undefined || status === 'draft' ? {} : { sentAt: new Date() };
}

function idOf([row]: readonly { readonly id: number }[]): number {
  if (!row) throw new Error('an insert returned no row');
  return row.id;
}
