/** Writes past the API: by scripts and by hand, one statement or several, committed or not. */
import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { insertPeople, insertSubject, insertTeachings, PEOPLE, SUBJECTS } from './world.js';
import { actors, type Dice, pick, rowsOf, type Write } from './world-access.js';

/** A row that exists, by a column that names it; `NULL` of an empty table. */
const anyOf = (table: string, die: number, column = 'id') =>
  sql.raw(
    `(SELECT ${column} FROM ${table} ORDER BY 1 OFFSET ${die} % greatest(1, (SELECT count(*) FROM ${table})) LIMIT 1)`,
  );

const anyOfRole = (role: string, die: number) =>
  sql.raw(
    `(SELECT id FROM users WHERE role = '${role}' ORDER BY 1 OFFSET ${die} % greatest(1, (SELECT count(*) FROM users WHERE role = '${role}')) LIMIT 1)`,
  );

/** Statements that change at most a few rows each. */
const STATEMENTS: readonly ((dice: Dice) => ReturnType<typeof sql>)[] = [
  ({ a, c }) => sql`UPDATE users SET first_name = ${`Sql${c}`} WHERE id = ${anyOf('users', a)}`,
  ({ a, c }) => sql`UPDATE users SET email = ${`moved${c}-${a}@oracle.test`} WHERE id = ${anyOf('users', a)}
    AND NOT EXISTS (SELECT FROM users WHERE email = ${`moved${c}-${a}@oracle.test`})`,
  ({ a, c }) => sql`UPDATE subjects SET name = ${`Subject ${a}.${c}`} WHERE id = ${anyOf('subjects', a)}
    AND NOT EXISTS (SELECT FROM subjects WHERE name = ${`Subject ${a}.${c}`})`,
  ({ a, c }) => sql`UPDATE subjects SET color = ${c % 2 ? '#123456' : '#654321'} WHERE id = ${anyOf('subjects', a)}`,
  ({ a, c }) => sql`UPDATE subjects SET description = ${`About ${c}`} WHERE id = ${anyOf('subjects', a)}`,
  ({ a, c }) =>
    sql`UPDATE student_profiles SET grade = ${1 + (c % 12)} WHERE user_id = ${anyOf('student_profiles', a, 'user_id')}`,
  ({ a, b }) =>
    sql`UPDATE student_profiles SET tutor_id = ${anyOfRole('tutor', b)} WHERE user_id = ${anyOf('student_profiles', a, 'user_id')}`,
  ({ a, b }) =>
    sql`UPDATE student_profiles SET parent_id = ${anyOfRole('parent', b)} WHERE user_id = ${anyOf('student_profiles', a, 'user_id')}`,
  ({ a }) =>
    sql`UPDATE student_profiles SET tutor_id = NULL, parent_id = NULL WHERE user_id = ${anyOf('student_profiles', a, 'user_id')}`,
  ({ a, c }) =>
    sql`UPDATE subject_enrollments SET custom_subject_name = ${c % 3 === 0 ? null : `Mine ${c}`} WHERE id = ${anyOf('subject_enrollments', a)}`,
  ({ a }) => sql`UPDATE subject_enrollments SET enrolled_at = now() WHERE id = ${anyOf('subject_enrollments', a)}`,
  ({ a }) =>
    sql`UPDATE subject_enrollments SET is_active = NOT is_active WHERE id = ${anyOf('subject_enrollments', a)}`,
  ({
    a,
    b,
  }) => sql`UPDATE subject_enrollments e SET student_id = ${anyOfRole('student', b)} WHERE id = ${anyOf('subject_enrollments', a)}
    AND NOT EXISTS (SELECT FROM subject_enrollments o WHERE o.student_id = ${anyOfRole('student', b)}
      AND o.subject_id = e.subject_id AND o.teacher_id = e.teacher_id)`,
  ({
    a,
    b,
  }) => sql`UPDATE subject_enrollments e SET teacher_id = ${anyOfRole('teacher', b)} WHERE id = ${anyOf('subject_enrollments', a)}
    AND NOT EXISTS (SELECT FROM subject_enrollments o WHERE o.student_id = e.student_id
      AND o.subject_id = e.subject_id AND o.teacher_id = ${anyOfRole('teacher', b)})`,
  ({ a }) => sql`DELETE FROM subject_enrollments WHERE id = ${anyOf('subject_enrollments', a)}`,
  ({ a }) => sql`UPDATE study_plans SET status = 'draft', sent_at = NULL WHERE id = ${anyOf('study_plans', a)}`,
  ({ a, c }) => sql`UPDATE study_plans SET content = ${`Other content ${c}`} WHERE id = ${anyOf('study_plans', a)}`,
  ({ a, b }) =>
    sql`UPDATE study_plans SET student_id = ${anyOfRole('student', b)} WHERE id = ${anyOf('study_plans', a)}`,
  ({ a, b }) => sql`UPDATE study_plans SET subject_id = ${anyOf('subjects', b)} WHERE id = ${anyOf('study_plans', a)}`,
  ({ a }) => sql`DELETE FROM study_plans WHERE id = ${anyOf('study_plans', a)}`,
  ({ a, b }) => sql`UPDATE materials SET author_id = ${anyOfRole('teacher', b)} WHERE id = ${anyOf('materials', a)}`,
  ({ a }) =>
    sql`UPDATE materials SET status = CASE status WHEN 'active' THEN 'archived' ELSE 'active' END WHERE id = ${anyOf('materials', a)}`,
  ({ a }) => sql`DELETE FROM materials WHERE id = ${anyOf('materials', a)}`,
  ({ a, b }) => sql`INSERT INTO material_assignments (material_id, student_id)
    SELECT m, s FROM (SELECT ${anyOf('materials', a)} AS m, ${anyOfRole('student', b)} AS s) AS pair
    WHERE m IS NOT NULL AND s IS NOT NULL ON CONFLICT DO NOTHING`,
  ({ a, b }) =>
    sql`UPDATE material_assignments SET assigned_at = now() - interval '1 day' * ${a % 9} WHERE student_id = ${anyOfRole('student', b)}`,
  ({ a, b }) =>
    sql`DELETE FROM student_profiles WHERE user_id = ${anyOf('student_profiles', a, 'user_id')} AND ${b % 4} = 0`,
  ({ b, c }) =>
    sql`UPDATE material_progress SET time_spent_minutes = ${c % 90}, is_completed = ${c % 2 === 0},
      completed_at = now() - interval '1 week' * ${c % 9} WHERE student_id = ${anyOfRole('student', b)}`,
  ({ a, b }) =>
    sql`UPDATE student_reports SET student_id = ${anyOfRole('student', b)} WHERE id = ${anyOf('student_reports', a)}`,
  ({ a, b }) =>
    sql`UPDATE study_plans SET week_start_date = date '2026-09-07' + ${b % 30}::int WHERE id = ${anyOf('study_plans', a)}`,
  ({ a }) => sql`UPDATE study_plans SET sent_at = sent_at - interval '1 day' WHERE id = ${anyOf('study_plans', a)}`,
  ({ a, b }) =>
    sql`DELETE FROM material_assignments WHERE material_id = ${anyOf('materials', a)} AND student_id = ${anyOfRole('student', b)}`,
  ({ c }) =>
    sql`UPDATE material_progress SET progress_percentage = ${c % 101} WHERE student_id = ${anyOfRole('student', c)}`,
  ({ a }) => sql`DELETE FROM material_progress WHERE material_id = ${anyOf('materials', a)}`,
  ({ a, c }) =>
    sql`UPDATE tutor_weekly_reports SET summary = ${`Rewritten ${c}`} WHERE id = ${anyOf('tutor_weekly_reports', a)}`,
  ({ a }) =>
    sql`UPDATE tutor_weekly_reports SET status = 'draft', sent_at = NULL WHERE id = ${anyOf('tutor_weekly_reports', a)}`,
  ({ a, b }) =>
    sql`UPDATE tutor_weekly_reports SET parent_id = ${anyOfRole('parent', b)} WHERE id = ${anyOf('tutor_weekly_reports', a)}`,
  ({ a }) => sql`DELETE FROM tutor_weekly_reports WHERE id = ${anyOf('tutor_weekly_reports', a)}`,
  ({ a, b }) =>
    sql`UPDATE teacher_weekly_reports SET tutor_id = ${anyOfRole('tutor', b)} WHERE id = ${anyOf('teacher_weekly_reports', a)}`,
  ({ a }) => sql`DELETE FROM teacher_weekly_reports WHERE id = ${anyOf('teacher_weekly_reports', a)}`,
  ({ a, c }) => sql`UPDATE student_reports SET content = ${`Rewritten ${c}`} WHERE id = ${anyOf('student_reports', a)}`,
  ({ a, b }) =>
    sql`UPDATE student_reports SET teacher_id = ${anyOfRole('teacher', b)} WHERE id = ${anyOf('student_reports', a)}`,
  ({ a }) => sql`DELETE FROM student_reports WHERE id = ${anyOf('student_reports', a)}`,
];

/** Statements that change many rows. */
const BULK: readonly ((dice: Dice) => ReturnType<typeof sql>)[] = [
  ({ c }) => sql`UPDATE student_profiles SET grade = 1 + (grade + ${c % 5}) % 12`,
  ({ a }) => sql`UPDATE subject_enrollments SET is_active = NOT is_active WHERE subject_id = ${anyOf('subjects', a)}`,
  () => sql`UPDATE material_progress SET progress_percentage = 100 - progress_percentage`,
  ({ c }) => sql`UPDATE users SET last_name = ${`All${c}`}`,
  ({ a, b }) =>
    sql`UPDATE student_profiles SET tutor_id = ${anyOfRole('tutor', a)}, parent_id = ${anyOfRole('parent', b)}`,
  () => sql`UPDATE materials SET status = 'active' WHERE status = 'draft'`,
];

async function run(db: Database, dice: Dice, statements = STATEMENTS): Promise<void> {
  const { a, b, c } = dice;
  // The choice of the statement must not fix the choice of its row.
  const statement = pick(statements, a);
  if (statement) await db.execute(statement({ a: b, b: c, c: a + b + c }));
}

const one: Write = async ({ db }, dice) => {
  await run(db, dice);
  return true;
};

const many: Write = async ({ db }, dice) => {
  await run(db, dice, BULK);
  return true;
};

const severalAtOnce: Write = async ({ db }, { a, b, c }) => {
  await db.transaction(async (tx) => {
    for (const dice of [
      { a, b, c },
      { a: b, b: c, c: a },
      { a: c, b: a, c: b },
    ])
      await run(tx, dice);
  });
  return true;
};

const rolledBack: Write = async ({ db }, { a, b, c }) => {
  const changedItsMind = new Error('rolled back');
  const transaction = db.transaction(async (tx) => {
    for (const dice of [
      { a, b, c },
      { a: b, b: c, c: a },
    ])
      await run(tx, dice);
    throw changedItsMind;
  });
  await transaction.catch((error: unknown) => {
    if (error !== changedItsMind) throw error;
  });
  return true;
};

/** The relay looks while the transaction is open, and must find nothing. */
const committedLate: Write = async (scene, { a, b, c }) => {
  if (!scene.hasManyConnections) return false;
  await scene.db.transaction(async (tx) => {
    await run(tx, { a, b, c });
    await scene.platform.parts.relay.settled();
  });
  return true;
};

const deletePerson: Write = async (scene, { a }) => {
  const people = PEOPLE.filter(({ role }) => role !== 'admin');
  const rows = await rowsOf(scene.db, sql`SELECT count(*) AS people FROM users WHERE id < 1000`, 'people');
  const person = pick(people, a);
  if (!person || (rows[0]?.people ?? 0) < people.length - 2) return false;
  await scene.db.execute(sql`DELETE FROM users WHERE id = ${person.id}`);
  return true;
};

const deleteSubject: Write = async ({ db }, { a }) => {
  await db.execute(sql`DELETE FROM subjects WHERE id = ${pick(SUBJECTS, a)}`);
  return true;
};

/** Brings back whoever and whatever was deleted, with new ties. */
const restore: Write = async (scene, { a, b }) => {
  const { db } = scene;
  const there = new Set((await rowsOf(db, sql`SELECT id FROM users`, 'id')).map(({ id }) => id));
  const taught = new Set((await rowsOf(db, sql`SELECT id FROM subjects`, 'id')).map(({ id }) => id));
  const missing = PEOPLE.filter(({ id }) => !there.has(id));
  const tutor = pick(await actors(scene, 'tutor'), a);
  const parent = pick(await actors(scene, 'parent'), b);
  await db.transaction(async (tx) => {
    if (missing.length > 0)
      await insertPeople(
        tx,
        missing.map(({ id }) => id),
      );
    for (const id of SUBJECTS) if (!taught.has(id)) await insertSubject(tx, id);
    for (const { id, role } of missing) {
      if (role === 'teacher') await insertTeachings(tx, id);
      if (role !== 'student') continue;
      await tx.execute(sql`INSERT INTO student_profiles (user_id, tutor_id, parent_id, grade)
        VALUES (${id}, ${tutor ?? null}, ${parent ?? null}, 4)`);
    }
  });
  return missing.length > 0 || taught.size < SUBJECTS.length;
};

/** By name, with how often each is drawn. */
export const writesInSql: Readonly<Record<string, { readonly weight: number; readonly write: Write }>> = {
  sql: { weight: 22, write: one },
  sqlOfMany: { weight: 2, write: many },
  sqlTransaction: { weight: 4, write: severalAtOnce },
  sqlRolledBack: { weight: 4, write: rolledBack },
  sqlCommittedLate: { weight: 3, write: committedLate },
  deletePerson: { weight: 1, write: deletePerson },
  deleteSubject: { weight: 1, write: deleteSubject },
  restore: { weight: 4, write: restore },
};
