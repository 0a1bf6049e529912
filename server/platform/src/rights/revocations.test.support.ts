import { randomUUID } from 'node:crypto';
import type { Room } from '@querycast/protocol';
import { DEMO_PASSWORD } from '../db/demo-data.js';
import { hashPassword } from '../people/password.js';
import { createSampleRows } from '../testing/sample-rows.test.support.js';
import type { LoggedIn, TestPlatform } from '../testing/test-platform.js';

/** Somebody who is about to lose their rights, logged in. */
export interface Victim extends LoggedIn {
  readonly email: string;
}

/** Where a right is taken away: a node for what its API does, and statements for what goes past it. */
export interface Actor {
  readonly node: TestPlatform;
  /** Runs a statement as `psql` would; resolves once it is committed. */
  psql(statement: string): Promise<unknown>;
}

/** Everything that ends a session, with the code its sockets are told. */
export const ENDS: readonly (readonly [
  name: string,
  code: string,
  end: (actor: Actor, who: Victim) => Promise<void>,
])[] = [
  ['a log-out', 'logged_out', ({ node }, { token }) => send(node, '/api/auth/logout', { token })],
  [
    'a change of the password',
    'logged_out',
    ({ node }, { token }) =>
      send(node, '/api/auth/password', {
        token,
        body: { currentPassword: DEMO_PASSWORD, newPassword: `new ${randomUUID()}` },
      }),
  ],
  [
    'deactivation',
    'deactivated',
    async ({ node }, { user }) => {
      const { token } = await node.logIn('admin@demo.test');
      await send(node, `/api/admin/users/${user.id}`, { method: 'PATCH', token, body: { isActive: false } });
    },
  ],
  [
    'another password by psql',
    'logged_out',
    byPsql(({ id }) => `UPDATE users SET password_hash = '' WHERE id = ${id}`),
  ],
  ['deactivation by psql', 'deactivated', byPsql(({ id }) => `UPDATE users SET is_active = false WHERE id = ${id}`)],
  ['another role by psql', 'forbidden', byPsql(({ id }) => `UPDATE users SET role = 'teacher' WHERE id = ${id}`)],
  [
    'a revocation by psql',
    'logged_out',
    byPsql(({ id }) => `UPDATE sessions SET revoked_at = now() WHERE user_id = ${id}`),
  ],
  ['the end of the account by psql', 'logged_out', byPsql(({ id }) => `DELETE FROM users WHERE id = ${id}`)],
];

function byPsql(statement: (user: { readonly id: number }) => string) {
  return async ({ psql }: Actor, { user }: Victim) => void (await psql(statement(user)));
}

async function send(node: TestPlatform, path: string, call: object): Promise<void> {
  const { status, body } = await node.call(path, { method: 'POST', ...call });
  if (status >= 300) throw new Error(`${path} answered ${status} ${JSON.stringify(body)}`);
}

let passwordHash: Promise<string> | undefined;

/** Somebody new, who logs in with the password of the demo. */
export async function addPerson(node: TestPlatform, role: 'parent' | 'tutor'): Promise<{ id: number; email: string }> {
  passwordHash ??= hashPassword(DEMO_PASSWORD);
  const email = `${randomUUID()}@demo.test`;
  const id = await createSampleRows(node.parts.db).person({ role, email, passwordHash: await passwordHash });
  return { id, email };
}

/** Somebody new, logged in. */
export async function addVictim(node: TestPlatform, role: 'parent' | 'tutor' = 'parent'): Promise<Victim> {
  const { email } = await addPerson(node, role);
  return { ...(await node.logIn(email)), email };
}

/** A family of their own: a student with parent and tutor, and another parent. */
export async function addFamily(node: TestPlatform) {
  const [parent, tutor, another] = [await addVictim(node), await addVictim(node, 'tutor'), await addVictim(node)];
  const student = await createSampleRows(node.parts.db).student({ parentId: parent.user.id, tutorId: tutor.user.id });
  return { parent, tutor, another, student, room: `student:${student}` as Room };
}
