import type { Role } from '@querycast/platform-protocol';
import type { LiveRole } from '@querycast/platform-server/src/dashboards/live-reads.js';
import { signAccessToken } from '@querycast/platform-server/src/sessions/access-token.js';
import type { Client } from 'pg';
import { BIG_TEACHER_ID, sessionIdOf } from '../data/ids.js';

/** Somebody who reads, and a student whom they may read about. */
export interface Viewer {
  readonly id: number;
  readonly role: LiveRole;
  readonly studentId: number;
}

/** Whom one role is measured with. */
export interface ViewersOfRole {
  /** By chance; some of them several times where there are not as many. */
  readonly sample: readonly Viewer[];
  /** Who has most to read, where it differs: the teacher of one student in ten, and any tutor. */
  readonly largest: Viewer | undefined;
}

/** Everybody of a role with a student of theirs. */
const PEOPLE: Readonly<Record<LiveRole, string>> = {
  parent: 'SELECT parent_id AS id, min(user_id) AS student FROM student_profiles GROUP BY parent_id',
  student: 'SELECT user_id AS id, user_id AS student FROM student_profiles',
  // A student whom the teacher has written about, so that there is something to read.
  teacher: `SELECT teacher_id AS id, coalesce(min(r.student_id), min(e.student_id)) AS student
    FROM subject_enrollments e LEFT JOIN student_reports r USING (teacher_id, student_id)
    WHERE is_active GROUP BY teacher_id`,
  tutor: 'SELECT tutor_id AS id, min(user_id) AS student FROM student_profiles GROUP BY tutor_id',
};

/** Chooses `count` viewers of a role; other ones for another `seed`, the same for the same. The largest is among them. */
export async function chooseViewers(
  client: Client,
  role: LiveRole,
  count: number,
  seed: number,
): Promise<ViewersOfRole> {
  const { rows } = await client.query<{ id: number; student: number }>(
    `SELECT id, student FROM (${PEOPLE[role]}) AS people
     ORDER BY id = $1 DESC, md5(id || ' ' || $2) LIMIT $3`,
    [role === 'teacher' ? BIG_TEACHER_ID : 0, String(seed), count],
  );
  const found = rows.map(({ id, student }): Viewer => ({ id, role, studentId: student }));
  const [first] = found;
  if (!first) throw new Error(`there is no ${role}`);
  const sample = Array.from({ length: count }, (_, index) => found[index % found.length] ?? first);
  return { sample, largest: role === 'teacher' || role === 'tutor' ? first : undefined };
}

/** A token as a log-in of this person would give. */
export async function tokenOf({ id, role }: { id: number; role: Role }, authSecret: string): Promise<string> {
  const claims = { userId: id, sessionId: sessionIdOf(id), role };
  return (await signAccessToken(authSecret, claims, Date.now())).token;
}
