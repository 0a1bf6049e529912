import { personRoom, type Role } from '@querycast/platform-protocol';
import { eq } from 'drizzle-orm';
import { expect } from 'vitest';
import { users } from '../db/schema.js';
import { createSampleRows, type SampleRows } from '../testing/sample-rows.test.support.js';
import type { TestPlatform } from '../testing/test-platform.js';
import { connectAt, type DoorsClient } from './doors-client.test.support.js';
import type { Who } from './doors-table.test.support.js';
import { addSecondFamily, LANGS, PETROVS } from './families.test.support.js';
import { forgedLike, type Tokens } from './forged-tokens.test.support.js';

/** Two ways to one platform: credentials are made and rights are changed at one, and used at the other. */
export interface Doors {
  readonly made: TestPlatform;
  readonly used: TestPlatform;
  remove(): Promise<void>;
}

/** Everybody who knocks, at the moment when all rights are as the table has them. */
export interface DoorsPeople {
  readonly rows: SampleRows;
  /** What they knock with, by row and by the role of the person that it is or was of. */
  tokens(who: Who, role: Role): Tokens;
  /** Good ones of the same parent: of the log-in, and of another one. */
  readonly renewals: Tokens;
  /** The sockets that were open when their people were deactivated. */
  readonly deactivated: readonly DoorsClient[];
  /** The report about the child, to the parent who lost it. */
  readonly reportOfLostChild: number;
}

/** The roles, each with somebody of the first family or the administrator. */
export const ROLES = ['parent', 'student', 'teacher', 'tutor', 'admin'] as const satisfies readonly Role[];

/** Whom `LOST_CHILD` belonged to. */
export const LOST_PARENT = 921;
/** A student who has another parent now. */
export const LOST_CHILD = 922;

const FIRST = { ...emails('parent', 'student', 'teacher', 'tutor'), admin: 'admin@demo.test' };
const OTHERS = { parent: LANGS.parent, student: LANGS.student, teacher: LANGS.teacher, tutor: LANGS.tutor };
const DEACTIVATED = { parent: 911, student: 912, teacher: 913, tutor: 914, admin: 915 };

/** Logs everybody in, and then takes from some of them what they had, through the API. */
export async function gatherPeople({ made, used }: Doors): Promise<DoorsPeople> {
  const { db } = made.parts;
  const rows = createSampleRows(db);
  await addSecondFamily(db);
  const [olga] = await db.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, PETROVS.parent));
  const account = (id: number) => ({ id, email: `person${id}@demo.test`, passwordHash: olga?.passwordHash ?? '' });
  for (const role of ROLES) await rows.person({ ...account(DEACTIVATED[role]), role });
  await rows.person({ ...account(LOST_PARENT), role: 'parent' });
  await rows.student({ id: LOST_CHILD, parentId: LOST_PARENT, tutorId: PETROVS.tutor });
  const about = { studentId: LOST_CHILD, tutorId: PETROVS.tutor, parentId: LOST_PARENT };
  const reportOfLostChild = await rows.tutorReport({ ...about, status: 'sent' });

  const logIn = async (email: string) => (await made.logIn(email)).token;
  const first = await eachRole((role) => logIn(FIRST[role]));
  const forged = await eachRole((role) => forgedLike(first[role]));
  const others = await eachRole((role) => (role === 'admin' ? undefined : logIn(`person${OTHERS[role]}@demo.test`)));
  const past = await eachRole((role) => logIn(`person${DEACTIVATED[role]}@demo.test`));
  const lost = await logIn(`person${LOST_PARENT}@demo.test`);
  const deactivated = await deactivate({ made, used }, first.admin, past);
  await loseChild({ made, used }, first.tutor, lost);

  return {
    rows,
    tokens(who, role) {
      if (who === 'a good token') return { theirs: first[role] };
      if (who === "another person's token") return others[role] ? { 'of the other family': others[role] } : {};
      if (who === 'a token of somebody who was deactivated') return { 'of before': past[role] };
      if (who === 'a token of a parent who lost the child') return { 'of before': lost };
      return forged[role][who] ?? {};
    },
    renewals: { 'of the log-in': first.parent, 'of another log-in': await logIn(FIRST.parent) },
    deactivated,
    reportOfLostChild,
  };
}

/** An administrator deactivates everybody whose token it is, while they are connected. */
async function deactivate({ made, used }: Omit<Doors, 'remove'>, admin: string, tokens: Record<Role, string>) {
  const clients = await Promise.all(ROLES.map((role) => connectAt(used.url, tokens[role])));
  for (const role of ROLES) {
    const path = `/api/admin/users/${DEACTIVATED[role]}`;
    const answer = await made.call(path, { method: 'PATCH', token: admin, body: { isActive: false } });
    expect(answer).toMatchObject({ status: 200 });
  }
  expect(await Promise.all(clients.map(({ over }) => over))).toEqual(clients.map(() => 'deactivated'));
  return clients;
}

/** A tutor gives the child another parent, while the one before follows it. */
async function loseChild({ made, used }: Omit<Doors, 'remove'>, tutor: string, parent: string): Promise<void> {
  const room = personRoom('student', LOST_CHILD);
  const client = await connectAt(used.url, parent);
  expect(await client.ask('subscribe', { room })).toBe('works');
  await client.framesUntil(await used.mark(room));
  const path = `/api/tutor/students/${LOST_CHILD}`;
  const body = { parentId: PETROVS.parent };
  expect(await made.call(path, { method: 'PATCH', token: tutor, body })).toMatchObject({ status: 200 });
  expect(await client.nextLeft()).toMatchObject({ room });
  const unheard = JSON.stringify(await used.mark(room));
  expect(await client.framesUntil(await used.mark(personRoom('parent', LOST_PARENT)))).not.toContain(unheard);
  client.close();
}

async function eachRole<Value>(make: (role: Role) => Value): Promise<Record<Role, Awaited<Value>>> {
  const entries = await Promise.all(ROLES.map(async (role) => [role, await make(role)] as const));
  return Object.fromEntries(entries) as Record<Role, Awaited<Value>>;
}

function emails<Some extends Role>(...roles: readonly Some[]): Record<Some, string> {
  return Object.fromEntries(roles.map((role) => [role, `${role}@demo.test`])) as Record<Some, string>;
}
