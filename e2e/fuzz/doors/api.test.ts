import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENDPOINTS, type Endpoint } from '../../../server/platform/src/access/endpoints.js';
import { EXAMPLES } from '../../../server/platform/src/access/examples.test.support.js';
import { addSecondFamily, PETROVS } from '../../../server/platform/src/access/families.test.support.js';
import { makeIds, pathOf } from '../../../server/platform/src/access/requests.test.support.js';
import { DEMO_PASSWORD } from '../../../server/platform/src/db/demo-data.js';
import { hashPassword } from '../../../server/platform/src/people/password.js';
import { createSampleRows } from '../../../server/platform/src/testing/sample-rows.test.support.js';
import {
  appendedAfter,
  contentsOfTables,
  lastInOutbox,
  textsOfTables,
} from '../../../server/platform/src/testing/table-contents.test.support.js';
import {
  START_TIMEOUT_MS,
  startTestPlatform,
  type TestPlatform,
} from '../../../server/platform/src/testing/test-platform.js';
import { fuzz, TIMEOUT_MS } from '../run/fuzz.js';
import { parsedJson } from '../run/parsed-json.js';
import { type RawAnswer, type RawHttp, rawHttp, requestBytes } from '../run/raw-http.js';
import { bytesOf, mutated, mutatedText, tainted } from '../values/mutated.js';
import { nastyText, objectOf, TREACHEROUS_NAMES, write } from '../values/nasty.js';

const PEOPLE = {
  parent: 'parent@demo.test',
  student: 'student@demo.test',
  teacher: 'teacher@demo.test',
  tutor: 'tutor@demo.test',
  admin: 'admin@demo.test',
} as const;

/** Each hashes a password, which is meant to take long. */
const SLOW: readonly Endpoint[] = ['POST /api/auth/login', 'POST /api/tutor/students', 'POST /api/admin/users'];

/** Would end the session of whoever sends it. */
const LOG_OUT: Endpoint = 'POST /api/auth/logout';

/** Is asked with a password that is never right, by somebody who does nothing else: their wrong ones count. */
const PASSWORD: Endpoint = 'POST /api/auth/password';
const GUESSER = 'guesser@demo.test';
const GUESS = { currentPassword: 'never the right one', newPassword: 'another good one' };

const ENDPOINT_NAMES = Object.keys(ENDPOINTS) as Endpoint[];
const WRITES = ENDPOINT_NAMES.filter((endpoint) => !endpoint.startsWith('GET ') && !endpoint.includes('/api/auth/'));

const STATUSES = [400, 401, 403, 404, 409, 413, 415, 429];

let platform: TestPlatform;
let client: RawHttp;
let tokens: Readonly<Record<keyof typeof PEOPLE, string>>;
let guessersToken: string;
const ids = new Map<Endpoint, readonly number[]>();

beforeAll(async () => {
  platform = await startTestPlatform();
  const { db } = platform.parts;
  await addSecondFamily(db);
  const rows = createSampleRows(db);
  for (const endpoint of ENDPOINT_NAMES) ids.set(endpoint, (await makeIds(rows, endpoint, PETROVS)).own);
  // Whoever may be deactivated must not be one of those that go on asking.
  ids.set('PATCH /api/admin/users/:userId', [await rows.person({ role: 'teacher' })]);
  await rows.person({ role: 'parent', email: GUESSER, passwordHash: await hashPassword(DEMO_PASSWORD) });
  guessersToken = (await platform.logIn(GUESSER)).token;
  const logIns = await Promise.all(
    Object.entries(PEOPLE).map(async ([role, email]) => [role, (await platform.logIn(email)).token]),
  );
  tokens = Object.fromEntries(logIns) as typeof tokens;
  client = rawHttp(platform.url);
}, START_TIMEOUT_MS);

afterAll(async () => {
  client.close();
  await platform.remove();
});

interface Attempt {
  readonly endpoint: Endpoint;
  readonly body: string | Buffer;
  readonly id: string | undefined;
  readonly query: string;
  readonly token: string | undefined;
  readonly headers: readonly (readonly [string, string])[];
}

/** Bytes of a header or a path, with what would end either left in: Node refuses that. */
const headerText = nastyText.map((text) => text.replaceAll(/[\r\n]/g, ''));

const oddId = fc.oneof(
  nastyText.map((text) => encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '?'))),
  fc.constantFrom(
    '0',
    '-1',
    '1e1',
    '0x1',
    '2147483648',
    '99999999999999999999',
    '%ff',
    '%00',
    '..%2f..',
    '%',
    '1;1',
    '1%0a',
    '+1',
    '%F0%9D%9F%99',
  ),
);

const oddHeader = fc.tuple(
  fc.constantFrom(
    'Cookie',
    'Origin',
    'X-Forwarded-For',
    'X-Forwarded-Proto',
    'Accept',
    'Range',
    'X-Http-Method-Override',
    'Content-Encoding',
  ),
  fc.oneof(
    headerText,
    headerText.map((text) => `querycast_refresh=${text}`),
    fc.constantFrom('querycast_refresh=%', '__proto__=1; querycast_refresh=a.b', 'gzip', 'https', '127.0.0.1, ::1'),
  ),
);

const good = { id: undefined, query: '', token: undefined, headers: [] };

const exampleOf = (endpoint: Endpoint) => (endpoint === PASSWORD ? GUESS : EXAMPLES[endpoint].body?.(PETROVS));

const anyEndpoint = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...ENDPOINT_NAMES.filter((endpoint) => !SLOW.includes(endpoint))) },
  { weight: 1, arbitrary: fc.constantFrom(...SLOW) },
);

/** Anything may be wrong, or nothing. */
const anything: fc.Arbitrary<Attempt> = anyEndpoint.chain((endpoint) => {
  const example = exampleOf(endpoint);
  const rarely = <T>(odd: fc.Arbitrary<T>, usual: T) =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd });
  return fc.record({
    endpoint: fc.constant(endpoint),
    body: example
      ? fc.oneof(
          { weight: 2, arbitrary: bytesOf(mutatedText(fc.constant(example))) },
          { weight: 1, arbitrary: tainted(example).map((value) => Buffer.from(write(value))) },
        )
      : rarely(bytesOf(mutatedText(fc.constant({}))), Buffer.alloc(0)),
    id: rarely<string | undefined>(oddId, undefined),
    query: rarely(fc.oneof(oddId, fc.constantFrom('?a[__proto__][x]=1', '?__proto__=1', '?a=1&a=2', '?%')), ''),
    token: rarely<string | undefined>(
      fc.oneof(headerText, fc.constantFrom('a.b.c', 'x'.repeat(5_000))),
      endpoint === LOG_OUT ? 'none' : undefined,
    ),
    headers: rarely(fc.array(oddHeader, { maxLength: 2 }), []),
  });
});

test(
  'every endpoint answers whatever comes with a status and a code of its own, and stores nothing that nobody can read',
  async () => {
    const outcomes = await fuzz({
      door: 'the API',
      seed: 110,
      share: 0.2,
      input: anything,
      async judge(attempt) {
        const answer = await send(attempt);
        if (answer === undefined) return 'cut off';
        if (answer.status >= 400) expectRefusal(answer);
        if (attempt.endpoint !== PASSWORD) return String(answer.status);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        return `password, ${answer.status}`;
      },
      async afterwards() {
        // Nothing that came has changed the password, which would have ended the session.
        expect((await platform.call('/api/auth/me', { token: guessersToken })).status).toBe(200);
        const texts = await textsOfTables(platform.parts.db);
        expect(texts.length).toBeGreaterThan(0);
        for (const text of texts) expect(text).toMatch(/^(?:\P{C}|[\t\n\r])*$/u);
        await expectGoodService();
      },
    });
    expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['password, 400']));
  },
  TIMEOUT_MS,
);

/** Something is surely wrong, and so everything stays as it is. */
const wrong: fc.Arbitrary<Attempt> = fc.constantFrom(...WRITES).chain((endpoint) => {
  const example = exampleOf(endpoint);
  const base = { ...good, endpoint, body: write(example ?? {}) };
  const cases: fc.Arbitrary<Attempt>[] = [
    fc.nat().map((at) => ({ ...base, body: `{"a":1,"b":[]}`.slice(0, 1 + (at % 13)) })),
    headerText.filter((text) => /^[\x21-\x7e]+$/.test(text)).map((token) => ({ ...base, token })),
    fc.constantFrom('null', '1', '"text"', 'true').map((body) => ({ ...base, body })),
  ];
  if ((ids.get(endpoint) ?? endpoint.match(/:/g) ?? []).length > 0) cases.push(oddId.map((id) => ({ ...base, id })));
  if (example) {
    const name = fc.oneof(fc.constantFrom(...TREACHEROUS_NAMES, 'isAdmin', 'passwordHash', 'createdAt'), nastyText);
    const more = fc.tuple(
      name.filter((each) => !/^[a-zA-Z]+$/.test(each) || each.length > 8),
      nastyText,
    );
    cases.push(
      more.map(([field, value]) => ({ ...base, body: write(objectOf([...Object.entries(example), [field, value]])) })),
    );
    cases.push(mutated(fc.constant(example)).map((value) => ({ ...base, body: write([value]) })));
  }
  return fc.oneof(...cases);
});

test(
  'a request with something wrong is refused and changes nothing, and nobody is told of anything',
  async () => {
    const { db } = platform.parts;
    const before = await contentsOfTables(db);
    // Not the highest at the end as well: rows are deleted a minute after they were published.
    const last = await lastInOutbox(db);
    const outcomes = await fuzz({
      door: 'writes to the API',
      seed: 111,
      share: 0.8,
      input: wrong,
      async judge(attempt) {
        const answer = await send(attempt);
        if (answer === undefined) return 'cut off';
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expectRefusal(answer);
        return String(answer.status);
      },
      async afterwards() {
        expect(await contentsOfTables(db)).toEqual(before);
        expect(await appendedAfter(db, last)).toEqual([]);
        await expectGoodService();
      },
    });
    expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['400', '401', '404']));
  },
  TIMEOUT_MS,
);

function send({ endpoint, body, id, query, token, headers }: Attempt): Promise<RawAnswer | undefined> {
  const [method = ''] = endpoint.split(' ');
  const own = ids.get(endpoint) ?? [];
  const path = pathOf(endpoint, id === undefined ? own : own.map((each, at) => (at === 0 ? id : each)));
  const [role = 'parent'] = ENDPOINTS[endpoint].roles ?? [];
  const sent = Buffer.from(body);
  const usual = endpoint === PASSWORD ? guessersToken : tokens[role];
  const all = [
    ['Host', 'localhost'],
    ['Authorization', `Bearer ${token ?? usual}`],
    ...(sent.length > 0 ? ([['Content-Type', 'application/json']] as const) : []),
    ...headers,
  ] as const;
  return client.ask(requestBytes(`${method} ${path}${query}`, all, sent));
}

/** Ours has a code and words for a person; Node alone answers what is no request. */
function expectRefusal({ status, head, body }: RawAnswer): void {
  expect(STATUSES, `status of ${body.slice(0, 200)}`).toContain(status);
  if (!/\r\ncontent-type: application\/json/i.test(head)) {
    expect([400, 431]).toContain(status);
    return;
  }
  const { error } = parsedJson(body) as { error: { code: string; message: string } };
  expect(error.code).toMatch(/^[a-z_]+$/);
  expect(error.message).not.toBe('');
}

async function expectGoodService(): Promise<void> {
  const { token } = await platform.logIn(PEOPLE.parent);
  expect((await platform.call('/api/parent/dashboard', { token })).status).toBe(200);
  expect((await platform.call('/readyz')).status).toBe(200);
}
