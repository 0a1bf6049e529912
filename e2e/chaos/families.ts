import type { Client } from 'pg';
import { signToken } from '../support/token.js';

/** Somebody with a page open. */
export interface Viewer {
  readonly id: number;
  readonly role: 'parent' | 'student' | 'tutor';
}

/** How many there are of each. */
export interface FamilySizes {
  /** Students, each with a parent. */
  readonly families: number;
  /** The families are shared out evenly among them. */
  readonly tutors: number;
}

/** Far above the ids of the demo's people. */
const FIRST = { tutor: 10_000, parent: 20_000, student: 30_000 };

/** Puts families and their tutors into the database, logged in for a day. Nobody is told of them: nobody is there yet. */
export async function createFamilies(client: Client, { families, tutors }: FamilySizes): Promise<readonly Viewer[]> {
  const people = (role: keyof typeof FIRST, count: number) => `
    INSERT INTO users (id, email, password_hash, role, first_name, last_name)
    SELECT id, '${role}' || id || '@chaos.test', 'none', '${role}', '${role}', id::text
    FROM generate_series(${FIRST[role]}, ${FIRST[role] + count - 1}) AS id`;
  await client.query('BEGIN');
  await client.query('SET LOCAL session_replication_role = replica');
  await client.query(people('tutor', tutors));
  await client.query(people('parent', families));
  await client.query(people('student', families));
  await client.query(`
    INSERT INTO sessions (id, user_id, expires_at)
    SELECT 'chaos-' || id, id, now() + interval '1 day' FROM users WHERE id >= ${FIRST.tutor}`);
  await client.query(`
    INSERT INTO student_profiles (user_id, parent_id, tutor_id, grade, goal)
    SELECT ${FIRST.student} + n, ${FIRST.parent} + n, ${FIRST.tutor} + n % ${tutors}, 5, 'none yet'
    FROM generate_series(0, ${families - 1}) AS n`);
  await client.query('COMMIT');
  const all = (role: Viewer['role'], count: number) =>
    Array.from({ length: count }, (_, n): Viewer => ({ id: FIRST[role] + n, role }));
  return [...all('tutor', tutors), ...all('parent', families), ...all('student', families)];
}

/** A token that outlasts every run. */
export function tokenOf({ id, role }: Viewer): string {
  const now = Math.floor(Date.now() / 1_000);
  return signToken({ sub: String(id), sid: `chaos-${id}`, role, iat: now, exp: now + 86_400 });
}

/** What the database says: each student's goal, by id, and whose page shows it. */
export interface Truth {
  readonly goals: ReadonlyMap<number, string>;
  /** The students whom somebody sees. */
  seenBy(viewer: Viewer): readonly number[];
}

/** Reads the truth, as of one moment. */
export async function readTruth(client: Client): Promise<Truth> {
  const { rows } = await client.query<{ user_id: number; parent_id: number; tutor_id: number; goal: string }>(
    `SELECT user_id, parent_id, tutor_id, goal FROM student_profiles WHERE user_id >= ${FIRST.student}`,
  );
  const seen = new Map<number, number[]>();
  for (const row of rows) {
    for (const viewer of [row.user_id, row.parent_id, row.tutor_id]) {
      seen.set(viewer, [...(seen.get(viewer) ?? []), row.user_id]);
    }
  }
  return {
    goals: new Map(rows.map(({ user_id, goal }) => [user_id, goal])),
    seenBy: ({ id }) => seen.get(id) ?? [],
  };
}
