import { sql } from 'drizzle-orm';
import { DEMO_PASSWORD } from '../db/demo-data.js';
import { createSampleRows } from '../testing/sample-rows.test.support.js';
import type { Answer, LoggedIn, TestPlatform } from '../testing/test-platform.js';
import { ENDPOINTS, type Endpoint } from './endpoints.js';
import { EXAMPLES } from './examples.test.support.js';
import { addSecondFamily, addTwin } from './families.test.support.js';
import { makeIds, mayUse, pathOf } from './requests.test.support.js';
import { PEOPLE, VIEWERS } from './viewers.test.support.js';

const PASSWORD = 'a-password-of-somebody-new';

/** Every endpoint that writes. */
export const WRITES = (Object.keys(ENDPOINTS) as Endpoint[]).filter((endpoint) => !endpoint.startsWith('GET '));

/** The people of the tests, at a platform. */
export interface Writers {
  /** Everything secret that was sent, answered or stored so far, by what it is. */
  secrets(): Promise<ReadonlyMap<string, string>>;
  /**
   * Sends a good request to every endpoint that writes, as everybody it is for, and calls `after` after each endpoint.
   * Rejects when one is refused.
   */
  writeEverything(after?: () => Promise<void>): Promise<void>;
}

/** Lets the people of {@link VIEWERS} write at a platform with demo data. */
export async function openWriters(platform: TestPlatform): Promise<Writers> {
  const { db } = platform.parts;
  await addSecondFamily(db);
  const rows = createSampleRows(db);
  const sent = new Map<string, string>([[PASSWORD, 'a password']]);
  const known = new Map<string, LoggedIn>();

  function note(name: string, value: unknown): void {
    if (typeof value === 'string' && value !== '') sent.set(value, name);
  }

  function noteCookies({ headers }: Pick<Answer, 'headers'>): void {
    for (const cookie of headers.getSetCookie()) note('a refresh token', /=([^;]*)/.exec(cookie)?.[1]);
  }

  async function logIn(email: string) {
    const answer = await platform.logIn(email);
    known.set(email, answer);
    note('a token', answer.token);
    note('a refresh token', answer.cookie.split('=')[1]);
    return answer;
  }

  async function write(endpoint: Endpoint, email: string, own: readonly number[], body: unknown) {
    const [method = ''] = endpoint.split(' ');
    const isSpent = EXAMPLES[endpoint].endsSession ?? false;
    const { token, cookie } = await (isSpent ? logIn(email) : (known.get(email) ?? logIn(email)));
    for (const [field, value] of Object.entries(body ?? {})) {
      if (field === 'email') note('an e-mail', value);
      if (field === 'newPassword') note('a password', value);
    }
    const answer = await platform.call(pathOf(endpoint, own), { method, token, cookie, body });
    if (isSpent) known.delete(email);
    noteCookies(answer);
    note('a token', answer.body?.token);
    if (answer.status > 204) throw new Error(`${endpoint} answered ${answer.status}`);
  }

  return {
    async secrets() {
      const { rows: kept } = (await db.execute(sql`
        SELECT email AS value, 'an e-mail' AS what FROM users UNION
        SELECT password_hash, 'a hash of a password' FROM users WHERE password_hash <> '' UNION
        SELECT hash, 'a hash of a refresh token' FROM refresh_tokens`)) as unknown as {
        rows: { value: string; what: string }[];
      };
      for (const { value, what } of kept) note(what, value);
      return sent;
    },
    async writeEverything(after) {
      for (const endpoint of WRITES) {
        const { body } = EXAMPLES[endpoint];
        const writers = VIEWERS.filter((each) => each.person && mayUse(endpoint, each));
        // Log-ins and log-outs are the same for all, and hashing takes its time.
        for (const viewer of ENDPOINTS[endpoint].roles ? writers : writers.slice(0, 1)) {
          const { own } = await makeIds(rows, endpoint, viewer.family);
          const person = PEOPLE.find(({ name }) => name === viewer.name);
          // Whoever has another password then could not log in again.
          const isTwin = person && EXAMPLES[endpoint].endsSession === 'everywhere';
          const email = isTwin ? await addTwin(rows, person.role) : (person?.email ?? '');
          await write(endpoint, email, own, withPassword(body?.(viewer.family)));
        }
        await after?.();
      }
    },
  };
}

/** A new person's password is none that stands anywhere else; the demo's is a word of every day. */
function withPassword(body: object | undefined): object | undefined {
  return body && 'password' in body && body.password !== DEMO_PASSWORD ? { ...body, password: PASSWORD } : body;
}

/** What of these secrets is in a text, by what it is; also what looks like one. */
export function secretsIn(text: string, secrets: ReadonlyMap<string, string>): string[] {
  const found = [...secrets].filter(([secret]) => text.includes(secret)).map(([, what]) => what);
  const shapes = SHAPES.filter(([, shape]) => shape.test(text)).map(([what]) => what);
  return [...found, ...shapes];
}

const SHAPES: readonly (readonly [string, RegExp])[] = [
  ['something like a token', /eyJ[\w-]{8,}\.[\w-]+/],
  ['something like an Authorization header', /\bBearer\s+[\w-]/i],
  ['something like a hash of a password', /\bscrypt\$/],
  ['something like an e-mail', /[\w.+-]+@[\w-]+\.[a-z]{2,}/i],
  ['something like an address with a password', /:\/\/[^\s/@"]*:[^\s/@"]+@/],
];
