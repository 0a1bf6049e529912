import { sql } from 'drizzle-orm';
import { hashPassword } from '../people/password.js';
import type { Database } from './database.js';
import { loadDemoLearning } from './demo-learning.js';
import { studentProfiles, subjectEnrollments, subjects, teacherSubjects, users } from './schema.js';

/** Password of every demo person. */
export const DEMO_PASSWORD = 'demo';

/** The demo people, with ids that documents and tests can name. `note` says what there is to see as this person. */
export const DEMO_PEOPLE = [
  person(1, 'parent', 'parent@demo.test', 'Olga', 'Petrova', 'Parent of Anna and Misha: her dashboard updates itself'),
  person(2, 'parent', 'parent2@demo.test', 'Ivan', 'Sokolov', 'Parent of Lev: hears nothing of other families'),
  person(3, 'student', 'student@demo.test', 'Anna', 'Petrova', 'Student in grade 7'),
  person(4, 'student', 'student2@demo.test', 'Misha', 'Petrov', 'Student in grade 4'),
  person(5, 'student', 'student3@demo.test', 'Lev', 'Sokolov', 'Student in grade 9'),
  person(6, 'teacher', 'teacher@demo.test', 'Elena', 'Orlova', 'Teaches Mathematics and Physics'),
  person(7, 'teacher', 'teacher2@demo.test', 'Pavel', 'Gromov', 'Teaches English'),
  person(8, 'tutor', 'tutor@demo.test', 'Marina', 'Belova', 'Tutor of all three students: assigns their subjects'),
  person(9, 'admin', 'admin@demo.test', 'Nina', 'Volkova', 'Administrator'),
] as const;

const OLGA = 1;
const IVAN = 2;
const ANNA = 3;
const MISHA = 4;
const LEV = 5;
const ELENA = 6;
const PAVEL = 7;
const MARINA = 8;
const MATHEMATICS = 1;
const PHYSICS = 2;
const ENGLISH = 3;

/**
 * Loads the demo people into a database that has no people yet; resolves to whether it did. Anna has no Physics: to
 * assign it is the first thing a newcomer does. What they learn is about the week of `now`, in milliseconds since 1970.
 */
export async function loadDemoData(db: Database, now = Date.now()): Promise<boolean> {
  const [anybody] = await db.select({ id: users.id }).from(users).limit(1);
  if (anybody) return false;
  // One hash for all: the password is public, and nine scrypt runs would triple the first start.
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  await db.transaction(async (tx) => {
    await tx.insert(users).values(DEMO_PEOPLE.map(({ note: _, ...fields }) => ({ ...fields, passwordHash })));
    await tx.insert(studentProfiles).values([
      { userId: ANNA, parentId: OLGA, tutorId: MARINA, grade: 7, goal: 'Win a place at the city mathematics olympiad' },
      { userId: MISHA, parentId: OLGA, tutorId: MARINA, grade: 4, goal: 'Read English books without a dictionary' },
      { userId: LEV, parentId: IVAN, tutorId: MARINA, grade: 9, goal: 'Pass the English B1 exam' },
    ]);
    await tx.insert(subjects).values([
      {
        id: MATHEMATICS,
        name: 'Mathematics',
        color: '#4c6ef5',
        description: 'Algebra, geometry and problems to chew on',
      },
      { id: PHYSICS, name: 'Physics', color: '#12b886', description: 'Motion, heat, light and experiments' },
      { id: ENGLISH, name: 'English', color: '#f76707', description: 'Speaking, reading and writing' },
    ]);
    await tx.insert(teacherSubjects).values([
      { teacherId: ELENA, subjectId: MATHEMATICS },
      { teacherId: ELENA, subjectId: PHYSICS },
      { teacherId: PAVEL, subjectId: ENGLISH },
    ]);
    await tx.insert(subjectEnrollments).values([
      { studentId: ANNA, subjectId: MATHEMATICS, teacherId: ELENA, assignedBy: MARINA },
      { studentId: MISHA, subjectId: ENGLISH, teacherId: PAVEL, assignedBy: MARINA },
      { studentId: LEV, subjectId: ENGLISH, teacherId: PAVEL, assignedBy: MARINA },
    ]);
    const ids = {
      olga: OLGA,
      ivan: IVAN,
      anna: ANNA,
      misha: MISHA,
      lev: LEV,
      elena: ELENA,
      pavel: PAVEL,
      marina: MARINA,
      mathematics: MATHEMATICS,
      english: ENGLISH,
    };
    await loadDemoLearning(tx, ids, now);
    // Given ids do not move the sequences behind them.
    await tx.execute(sql`SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT max(id) FROM users))`);
    await tx.execute(sql`SELECT setval(pg_get_serial_sequence('subjects', 'id'), (SELECT max(id) FROM subjects))`);
  });
  return true;
}

function person<const Role extends (typeof users.$inferInsert)['role']>(
  id: number,
  role: Role,
  email: string,
  firstName: string,
  lastName: string,
  note: string,
) {
  return { id, role, email, firstName, lastName, note };
}
