import type { Role } from '@querycast/platform-protocol';
import { eq } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { DEMO_PASSWORD } from '../db/demo-data.js';
import { users } from '../db/schema.js';
import { hashPassword } from '../people/password.js';
import { createSampleRows, type SampleRows } from '../testing/sample-rows.test.support.js';

/** Four people who have to do with each other and with nobody else of the matrix, by their ids. */
export interface Family {
  readonly parent: number;
  readonly student: number;
  readonly teacher: number;
  readonly tutor: number;
  /** A subject that the student learns with the teacher. */
  readonly learned: number;
  /** One that the teacher teaches as well, and the student may be assigned. */
  readonly taught: number;
}

/** Olga, Anna, Elena and Marina of the demo data, with Mathematics and Physics. */
export const PETROVS: Family = { parent: 1, student: 3, teacher: 6, tutor: 8, learned: 1, taught: 2 };

/** What the demo data lacks: a family whose tutor and teacher are others as well. */
export const LANGS: Family = { parent: 901, student: 902, teacher: 903, tutor: 904, learned: 901, taught: 902 };

/** Somebody whose account is deactivated after the log-in. */
export const DISMISSED = 905;

/** Adds {@link LANGS} and {@link DISMISSED} to the demo data; each logs in as `person<id>@demo.test`. */
export async function addSecondFamily(db: Database): Promise<void> {
  const rows = createSampleRows(db);
  const [olga] = await db.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, PETROVS.parent));
  const { parent, student, teacher, tutor, learned, taught } = LANGS;
  await rows.person({ id: parent, role: 'parent' });
  await rows.person({ id: teacher, role: 'teacher' });
  await rows.person({ id: tutor, role: 'tutor' });
  await rows.person({ id: DISMISSED, role: 'admin' });
  await rows.student({ id: student, parentId: parent, tutorId: tutor });
  for (const id of [learned, taught]) await rows.subject({ id, teacherId: teacher });
  await rows.enrollment({ studentId: student, subjectId: learned, teacherId: teacher });
  for (const id of [parent, student, teacher, tutor, DISMISSED]) {
    await db
      .update(users)
      .set({ email: `person${id}@demo.test`, passwordHash: olga?.passwordHash ?? '' })
      .where(eq(users.id, id));
  }
}

let twins = 0;
/** One for all: hashing takes its time. */
let passwordHash: Promise<string> | undefined;

/** Adds somebody of this role who belongs to nobody, and answers what they log in with. */
export async function addTwin(rows: SampleRows, role: Role): Promise<string> {
  twins += 1;
  passwordHash ??= hashPassword(DEMO_PASSWORD);
  const email = `twin${twins}@demo.test`;
  await rows.person({ role, email, passwordHash: await passwordHash });
  return email;
}
