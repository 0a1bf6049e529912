import { personRoom, type Role } from '@querycast/platform-protocol';
import { eq } from 'drizzle-orm';
import { users } from '../db/schema.js';
import type { TestPlatform } from '../testing/test-platform.js';
import { DISMISSED, type Family, LANGS, PETROVS } from './families.test.support.js';

/** Somebody who sends requests to every endpoint. */
export interface MatrixViewer {
  readonly name: string;
  /** The people that are theirs. */
  readonly family: Family;
  /** Nobody without one is logged in. */
  readonly person?: { readonly id: number; readonly role: Role; readonly email: string };
  /** What such a request is refused with, without a person. */
  readonly code: 'unauthenticated' | 'token_invalid';
}

const ADMIN = 9;

/** Whoever has no right to be anybody, and a person of every role in each of two families. */
export const VIEWERS: readonly MatrixViewer[] = [
  { name: 'nobody', family: PETROVS, code: 'unauthenticated' },
  { name: 'somebody with a made-up token', family: PETROVS, code: 'token_invalid' },
  { name: 'somebody who was deactivated', family: PETROVS, code: 'token_invalid' },
  person('the parent', 'parent', PETROVS, 'parent@demo.test'),
  person('the student', 'student', PETROVS, 'student@demo.test'),
  person('the teacher', 'teacher', PETROVS, 'teacher@demo.test'),
  person('the tutor', 'tutor', PETROVS, 'tutor@demo.test'),
  person('another parent', 'parent', LANGS),
  person('another student', 'student', LANGS),
  person('another teacher', 'teacher', LANGS),
  person('another tutor', 'tutor', LANGS),
  {
    name: 'an administrator',
    family: PETROVS,
    code: 'token_invalid',
    person: { id: ADMIN, role: 'admin', email: 'admin@demo.test' },
  },
];

/** Those who are logged in. */
export const PEOPLE = VIEWERS.flatMap(({ name, person }) => (person ? [{ name, ...person }] : []));

/** The token each of them sends, by name. */
export async function tokensOf(platform: TestPlatform): Promise<ReadonlyMap<string, string>> {
  const tokens = new Map([['somebody with a made-up token', 'made-up']]);
  for (const { name, email } of PEOPLE) tokens.set(name, (await platform.logIn(email)).token);
  tokens.set('somebody who was deactivated', (await platform.logIn(`person${DISMISSED}@demo.test`)).token);
  await platform.parts.db.update(users).set({ isActive: false }).where(eq(users.id, DISMISSED));
  return tokens;
}

/** Opens a socket for each of {@link PEOPLE}. `untilMark` answers the keys that came to anybody since the last time. */
export async function listenToAll(platform: TestPlatform, tokens: ReadonlyMap<string, string>) {
  const listening = await Promise.all(
    PEOPLE.map(async ({ name, id, role }) => {
      const socket = await platform.connect(tokens.get(name) ?? '');
      return { name, room: personRoom(role, id), socket };
    }),
  );
  return {
    async untilMark(): Promise<Record<string, string[]>> {
      await platform.parts.relay.settled();
      const told: Record<string, string[]> = {};
      for (const { name, room, socket } of listening) {
        const mark = JSON.stringify(await platform.mark(room));
        const keys: string[] = [];
        while (!keys.includes(mark)) keys.push(...(await socket.nextFrame()).keys.map((key) => JSON.stringify(key)));
        const others = keys.filter((key) => key !== mark);
        if (others.length > 0) told[name] = others;
      }
      return told;
    },
  };
}

function person(name: string, role: keyof Family & Role, family: Family, email?: string): MatrixViewer {
  const id = family[role];
  return { name, family, code: 'token_invalid', person: { id, role, email: email ?? `person${id}@demo.test` } };
}
