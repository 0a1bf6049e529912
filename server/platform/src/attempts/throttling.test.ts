import { gt, lte, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { passwordAttempts } from '../db/schema.js';
import { verifyPassword } from '../people/password.js';
import { type Answer, START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { begin } from './attempts.js';
import { countersOf, LIMITS } from './counters.js';

const SECRET = 'the secret of these tests, 32 bytes';
const MINUTE_MS = 60_000;

let platform: TestPlatform;
let nowMs = Date.now();
let statements: string[] = [];
/** Every test has people and places of its own. */
let tests = 0;

beforeAll(async () => {
  platform = await startTestPlatform({ AUTH_SECRET: SECRET }, surroundings());
}, START_TIMEOUT_MS);

beforeEach(() => {
  tests += 1;
});

afterAll(() => platform.remove());

function surroundings() {
  return { clock: () => nowMs, onStatement: (statement: string) => void statements.push(statement) };
}

const address = (host = 1) => `203.0.${tests}.${host}`;
const nobody = (name = 'nobody') => `${name}${tests}@demo.test`;

function logIn(email: string, { password = 'demo', from = address(), cookie }: LogIn = {}): Promise<Answer> {
  return platform.call('/api/auth/login', {
    method: 'POST',
    body: { email, password },
    headers: { 'X-Forwarded-For': from },
    cookie,
  });
}

interface LogIn {
  readonly password?: string;
  readonly from?: string;
  readonly cookie?: string | undefined;
}

const guess = (email: string, how: LogIn = {}) => logIn(email, { password: 'guess', ...how });

/** Wrong passwords as if they had been sent, all at once and without the time that it takes to hash them. */
async function fail(account: string, network: string, times: number, device?: string): Promise<void> {
  const { db } = platform.parts;
  for (const { key, windowMs } of countersOf(SECRET, { account, network, device })) {
    const row = { key, failures: times, endsAt: new Date(nowMs + windowMs) };
    const set = { failures: sql`${passwordAttempts.failures} + ${times}` };
    await db.insert(passwordAttempts).values(row).onConflictDoUpdate({ target: passwordAttempts.key, set });
  }
}

async function countedFailures(): Promise<number> {
  const { failures, endsAt } = passwordAttempts;
  const [row] = await platform.parts.db
    .select({ all: sql<number>`coalesce(sum(${failures}), 0)::int` })
    .from(passwordAttempts)
    .where(gt(endsAt, new Date(nowMs)));
  return row?.all ?? 0;
}

/** All that whoever sent it can see. */
function seen({ status, body, headers }: Answer) {
  const { date: _, ...others } = Object.fromEntries(headers);
  return { status, body, headers: others };
}

const deviceCookie = ({ headers }: Answer) =>
  headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('querycast_device='))
    ?.split(';')[0];

describe('who has an account', () => {
  test('is not told by anything: not by answers, nor by when they change, nor by what the database is asked', async () => {
    const admin = await platform.logIn('admin@demo.test');
    const leaver = { firstName: 'A', lastName: 'B', email: nobody('leaver'), password: 'demo-demo', role: 'teacher' };
    const created = await platform.call('/api/admin/users', { method: 'POST', token: admin.token, body: leaver });
    const path = `/api/admin/users/${created.body.id}`;
    await platform.call(path, { method: 'PATCH', token: admin.token, body: { isActive: false } });

    const histories: unknown[] = [];
    const people: [email: string, password: string][] = [
      ['tutor@demo.test', 'guess'],
      [nobody(), 'guess'],
      [leaver.email, 'demo-demo'],
    ];
    for (const [at, [email, password]] of people.entries()) {
      const history: unknown[] = [];
      for (let attempt = 0; attempt < 4; attempt += 1) {
        if (attempt === 1) await fail(email, address(at + 1), LIMITS.pair.failures - 2);
        statements = [];
        const answer = await logIn(email, { password, from: address(at + 1) });
        // The relay and its like ask as well.
        const asked = statements.filter((text) => /"(password_attempts|users|sessions)"/.test(text));
        history.push({ ...seen(answer), asked });
      }
      histories.push(history);
    }
    expect(histories[1]).toEqual(histories[0]);
    expect(histories[2]).toEqual(histories[0]);
    const statuses = (histories[0] as { status: number }[]).map(({ status }) => status);
    expect(statuses).toEqual([401, 401, 429, 429]);
  });
});

describe('too many wrong passwords for an account from one address', () => {
  test('are told with the wait, and the right one waits as well', async () => {
    await fail('teacher@demo.test', address(), LIMITS.pair.failures);
    const answer = await logIn('teacher@demo.test');
    expect(answer).toMatchObject({
      status: 429,
      body: { error: { code: 'too_many_attempts', message: 'Too many attempts. Try again in 15 minutes.' } },
    });
    expect(answer.headers.get('retry-after')).toBe('900');
    expect(answer.headers.getSetCookie()).toEqual([]);
    nowMs += 14.5 * MINUTE_MS;
    expect(await logIn('teacher@demo.test')).toMatchObject({
      status: 429,
      body: { error: { message: 'Too many attempts. Try again in a minute.' } },
    });
    nowMs += 0.5 * MINUTE_MS;
    expect((await logIn('teacher@demo.test')).status).toBe(200);
  });

  test('concern neither the account elsewhere nor other accounts there', async () => {
    await fail('parent@demo.test', address(), LIMITS.pair.failures);
    expect((await logIn('parent@demo.test')).status).toBe(429);
    expect((await logIn('Parent@Demo.test ')).status).toBe(429);
    expect((await logIn('parent@demo.test', { from: address(2) })).status).toBe(200);
    expect((await logIn('tutor@demo.test')).status).toBe(200);
  });

  test('are as many when all of them come at once, and the others count nowhere', async () => {
    const { db } = platform.parts;
    const counters = countersOf(SECRET, { account: nobody(), network: address(), device: undefined });
    const before = await countedFailures();
    // Each of them looks before any of them has counted.
    const answers = await Promise.all(Array.from({ length: 30 }, () => begin(db, counters, nowMs)));
    expect(answers.filter((throttled) => throttled === undefined)).toHaveLength(LIMITS.pair.failures);
    expect(new Set(answers.map((throttled) => throttled?.limit))).toEqual(new Set([undefined, 'pair']));
    expect(await countedFailures()).toBe(before + 3 * LIMITS.pair.failures);
  });

  test('are forgotten with a right one before', async () => {
    await fail('parent@demo.test', address(), LIMITS.pair.failures - 1);
    expect((await logIn('parent@demo.test')).status).toBe(200);
    await fail('parent@demo.test', address(), LIMITS.pair.failures - 1);
    expect((await logIn('parent@demo.test')).status).toBe(200);
  });

  test('are one address, however many a network has to choose from', async () => {
    await fail(nobody(), `2001:db8:0:${tests}::/64`, LIMITS.pair.failures - 1);
    expect((await guess(nobody(), { from: `2001:db8:0:${tests}::1` })).status).toBe(401);
    expect((await guess(nobody(), { from: `2001:db8:0:${tests}::ffff` })).status).toBe(429);
    expect((await guess(nobody(), { from: `2001:db8:0:${tests}1::1` })).status).toBe(401);
  });

  test('count nothing more once they are refused: nobody else is locked out by them', async () => {
    await fail(nobody(), address(), LIMITS.pair.failures);
    const before = await countedFailures();
    const refused = await Promise.all(Array.from({ length: 50 }, () => guess(nobody())));
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
    expect(await countedFailures()).toBe(before);
  });

  test('hold beyond a restart, and are nobody’s in the table', async () => {
    await fail('parent@demo.test', address(), LIMITS.pair.failures);
    const { rows } = (await platform.parts.db.execute('SELECT t::text AS row FROM password_attempts AS t')) as {
      rows: { row: string }[];
    };
    expect(rows.length).toBeGreaterThan(3);
    for (const { row } of rows) expect(row).toMatch(/^\([\w-]{43},\d+,"[^"]+"\)$/);
    await platform.close();
    platform = await startTestPlatform({ AUTH_SECRET: SECRET }, surroundings(), platform.place);
    expect((await logIn('parent@demo.test')).status).toBe(429);
  });
});

describe('wrong passwords for one account from many addresses', () => {
  test('lock strangers out, and not whoever logged in from their browser before', async () => {
    const home = deviceCookie(await logIn('student@demo.test', { from: address(200) }));
    const stranger = deviceCookie(await logIn('tutor@demo.test', { from: address(201) }));
    expect(home).toMatch(/^querycast_device=/);
    for (let host = 1; host <= 10; host += 1) await fail('student@demo.test', address(host), 10);
    expect((await logIn('student@demo.test', { from: address(100) })).status).toBe(429);
    for (const cookie of [stranger, 'querycast_device=a.b', `${home}x`, 'querycast_device=.']) {
      expect((await logIn('student@demo.test', { from: address(100), cookie })).status).toBe(429);
    }
    // Also where its own address is full.
    const known = await logIn('student@demo.test', { from: address(1), cookie: home });
    expect(known.status).toBe(200);
    expect(deviceCookie(known)).toBeUndefined();
    nowMs += LIMITS.account.windowMs;
    expect((await logIn('student@demo.test', { from: address(100) })).status).toBe(200);
  });

  test('are few from a browser that is known, and count nowhere else', async () => {
    const cookie = deviceCookie(await logIn('student@demo.test'));
    const [device = ''] = cookie?.split('=')[1]?.split('.') ?? [];
    const before = await countedFailures();
    await fail('student@demo.test', address(), LIMITS.device.failures - 1, device);
    expect((await guess('student@demo.test', { cookie })).status).toBe(401);
    expect((await logIn('student@demo.test', { cookie })).status).toBe(429);
    expect(await countedFailures()).toBe(before + LIMITS.device.failures);
    expect((await logIn('student@demo.test')).status).toBe(200);
  });

  test('a browser is known for each account of a family, and stays known when they log out', async () => {
    const first = await logIn('parent@demo.test');
    const second = await logIn('student@demo.test', { cookie: deviceCookie(first) });
    const cookie = deviceCookie(second) ?? '';
    const token = second.body.token;
    const out = await platform.call('/api/auth/logout', { method: 'POST', token, cookie });
    expect(out.headers.getSetCookie().join()).not.toContain('querycast_device');
    for (const email of ['parent@demo.test', 'student@demo.test']) {
      await fail(email, address(), LIMITS.pair.failures);
      expect((await logIn(email, { cookie })).status).toBe(200);
    }
  });
});

test('one password cannot be tried on account after account from one address', async () => {
  for (let person = 0; person < LIMITS.address.failures; person += 1) await fail(nobody(`p${person}`), address(), 1);
  const answer = await logIn('parent@demo.test');
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('900');
  expect((await logIn('parent@demo.test', { from: address(2) })).status).toBe(200);
});

test('what is over goes away with the attempts of later', async () => {
  const { db } = platform.parts;
  for (let person = 0; person < 20; person += 1) await fail(nobody(`p${person}`), address(person), 1);
  nowMs += LIMITS.account.windowMs;
  const overdue = () => db.$count(passwordAttempts, lte(passwordAttempts.endsAt, new Date(nowMs)));
  expect(await overdue()).toBeGreaterThanOrEqual(60);
  for (let attempt = 0; (await overdue()) > 0; attempt += 1) {
    const left = await overdue();
    const guesser = { account: nobody(`later${attempt}`), network: address(), device: undefined };
    await begin(db, countersOf(SECRET, guesser), nowMs);
    expect(left - (await overdue())).toBeGreaterThanOrEqual(Math.min(10, left));
  }
});

test('a log-in that finds too many before it is told to come again, and has not counted', async () => {
  const before = await countedFailures();
  let isAnswered = false;
  let admitted = 0;
  // As many as there may be, each replaced by the next one at once; a hash of 2 MiB takes little time.
  const cheap = `scrypt$2048$8$1$c2FsdA$${'A'.repeat(43)}`;
  const waiting = Array.from({ length: 42 }, async () => {
    while (!isAnswered) {
      await verifyPassword('x', cheap);
      admitted += 1;
    }
  });
  const answer = await guess(nobody());
  isAnswered = true;
  await Promise.all(waiting);
  expect(answer).toMatchObject({ status: 503, body: { error: { code: 'busy' } } });
  expect(answer.headers.get('retry-after')).toBe('5');
  expect(admitted).toBeGreaterThanOrEqual(42);
  expect(await countedFailures()).toBe(before);
  const metrics = (await platform.call('/metrics')).body;
  expect(metrics).toContain('querycast_password_attempts_total{result="busy"} 1\n');
  expect((await logIn('parent@demo.test')).status).toBe(200);
});

describe('more passwords at once than may wait', () => {
  /** Sends sixty, and answers them once one has been refused, with what a log-in from elsewhere answers meanwhile. */
  async function flood(send: (at: number) => Promise<Answer>) {
    const answers = Array.from({ length: 60 }, (_, at) => send(at));
    await Promise.any(answers.map(async (answer) => expect([429, 503]).toContain((await answer).status)));
    const elsewhere = await logIn('parent@demo.test', { from: address(99) });
    return { answers: await Promise.all(answers), elsewhere };
  }

  const refused = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 429 || status === 503);

  function expectOwnRefusals(answers: readonly Answer[]): void {
    for (const { status, body, headers } of refused(answers)) {
      expect({ status, code: body.error.code }).toEqual({ status: 429, code: 'too_many_attempts' });
      expect(headers.get('retry-after')).toBe('5');
    }
  }

  const newcomer = (email: string) => ({ firstName: 'New', lastName: 'Comer', email, password: 'demo-demo' });

  test.each([
    ['tutor@demo.test', '/api/tutor/students', (email: string) => ({ ...newcomer(email), grade: 3 })],
    ['admin@demo.test', '/api/admin/users', (email: string) => ({ ...newcomer(email), role: 'teacher' })],
    ['teacher@demo.test', '/api/auth/password', () => ({ currentPassword: 'demo', newPassword: 'demo-demo' })],
  ])('of %s by %s are refused to them alone', async (person, path, body) => {
    const { token } = await platform.logIn(person);
    const { answers, elsewhere } = await flood((at) =>
      platform.call(path, { method: 'POST', token, body: body(nobody(`new${at}`)), headers: from(at) }),
    );
    expectOwnRefusals(answers);
    expect(answers.filter(({ status }) => status < 300).length).toBeGreaterThanOrEqual(1);
    expect(elsewhere.status).toBe(200);
  });

  test('of one address are refused there alone, and none of them counts', async () => {
    const before = await countedFailures();
    const { answers, elsewhere } = await flood((at) => guess(nobody(`p${at}`)));
    expectOwnRefusals(answers);
    expect(elsewhere.status).toBe(200);
    const failed = answers.length - refused(answers).length;
    expect(failed).toBeGreaterThanOrEqual(21);
    expect(await countedFailures()).toBe(before + 3 * failed);
  });

  /** Whoever is logged in may come from many addresses. */
  const from = (at: number) => ({ 'X-Forwarded-For': address(at) });
});
