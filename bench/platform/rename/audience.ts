import { personRoom, type Role } from '@querycast/platform-protocol';
import type { Room } from '@querycast/protocol';
import type { Client } from 'pg';
import { BIG_TEACHER_ID } from '../data/ids.js';

/** Somebody with an open page. */
export interface Person {
  readonly role: Role;
  readonly id: number;
  readonly room: Room;
}

/** A parent whom the rename does not concern, and a report that this parent can read. */
export interface Bystander extends Person {
  readonly reportId: number;
}

/** Who watches. */
export interface Audience {
  /** The big teacher, that teacher's students, their parents and their tutors. */
  readonly concerned: readonly Person[];
  readonly bystanders: readonly Bystander[];
}

/** Fifty writes per second come back to the same family after four seconds. */
const MOST_BYSTANDERS = 200;

/** By what a lesson is, not by asking the platform's own signals: those are what is measured. */
const CONCERNED = `
  WITH lesson AS (SELECT student_id FROM subject_enrollments WHERE teacher_id = ${BIG_TEACHER_ID} AND is_active),
  profile AS (SELECT p.* FROM student_profiles p JOIN lesson ON student_id = user_id)
  SELECT 'teacher' AS role, ${BIG_TEACHER_ID} AS id
  UNION SELECT 'student', student_id FROM lesson
  UNION SELECT 'parent', parent_id FROM profile
  UNION SELECT 'tutor', tutor_id FROM profile`;

const BYSTANDERS = `
  SELECT DISTINCT ON (r.parent_id) r.parent_id AS id, r.id AS report
  FROM student_reports r JOIN student_profiles p ON p.user_id = r.student_id AND p.parent_id = r.parent_id
  WHERE status = 'sent' AND teacher_id <> ${BIG_TEACHER_ID} AND r.parent_id <> ALL ($1::int[])
  ORDER BY r.parent_id DESC LIMIT ${MOST_BYSTANDERS}`;

/** Finds out who is concerned by the name of the big teacher, and who is not. */
export async function findAudience(client: Client): Promise<Audience> {
  const { rows } = await client.query<{ role: Role; id: number }>(CONCERNED);
  const concerned = rows.map(({ role, id }) => personOf(role, id));
  const parents = concerned.filter(({ role }) => role === 'parent').map(({ id }) => id);
  const others = await client.query<{ id: number; report: number }>(BYSTANDERS, [parents]);
  const bystanders = others.rows.map(({ id, report }) => ({ ...personOf('parent', id), reportId: report }));
  if (bystanders.length === 0) throw new Error('there is no family beside those that the rename concerns');
  return { concerned, bystanders };
}

function personOf(role: Role, id: number): Person {
  return { role, id, room: personRoom(role, id) };
}
