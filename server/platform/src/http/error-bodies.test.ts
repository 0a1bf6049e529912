import { once } from 'node:events';
import { connect } from 'node:net';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSampleRows } from '../testing/sample-rows.test.support.js';
import { type Call, START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

let platform: TestPlatform;
let tokens: Record<'parent' | 'teacher' | 'admin', string>;
let sentPlan: number;

beforeAll(async () => {
  platform = await startTestPlatform();
  const { db } = platform.parts;
  const logIn = async (email: string) => (await platform.logIn(email)).token;
  tokens = {
    parent: await logIn('parent@demo.test'),
    teacher: await logIn('teacher@demo.test'),
    admin: await logIn('admin@demo.test'),
  };
  const plan = { teacherId: 6, studentId: 3, subjectId: 1, status: 'sent', sentAt: new Date() } as const;
  sentPlan = await createSampleRows(db).studyPlan(plan);
  // What a database says when it stops, and what it says of a value, from within statements of the API.
  await db.execute(sql`
    CREATE FUNCTION hush() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.title = 'hush 503' THEN
        RAISE EXCEPTION 'terminating, hush' USING ERRCODE = '57P01', DETAIL = 'hush detail', HINT = 'hush hint';
      ELSIF NEW.title LIKE 'hush%' THEN
        RAISE EXCEPTION 'refused "hush"' USING ERRCODE = '22P02', DETAIL = 'hush detail', TABLE = 'hush_table';
      END IF;
      RETURN NEW;
    END $$`);
  await db.execute(sql`CREATE TRIGGER hush BEFORE INSERT ON materials FOR EACH ROW EXECUTE FUNCTION hush()`);
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

/** A request that must be refused. */
type Bad = Call & { readonly path: string; readonly as?: keyof typeof tokens };

const JSON_TYPE = { 'Content-Type': 'application/json' };
const post = (path: string, more: Omit<Bad, 'path'> = {}): Bad => ({ path, method: 'POST', ...more });
const material = (title: string): Bad =>
  post('/api/teacher/materials', { as: 'teacher', body: { subjectId: 1, title, type: 'lesson' } });

const BAD: readonly (readonly [status: number, what: string, request: () => Bad])[] = [
  [400, 'half a JSON', () => post('/api/auth/login', { body: '{"email":"hush@demo.test","passw' })],
  [400, 'a body that is a list', () => post('/api/auth/login', { body: ['hush'] })],
  [400, 'fields that are not there', () => post('/api/auth/login', { body: { age: 'hush' } })],
  [400, 'a field of the prototype', () => post('/api/auth/login', { body: '{"__proto__":{"hush":1}}' })],
  [400, 'bad percent-encoding', () => ({ path: '/api/parent/children/%ff/progress', as: 'parent' })],
  [
    400,
    'a length that is not true',
    () => post('/api/auth/login', { body: '{}', headers: { 'Content-Encoding': 'gzip' } }),
  ],
  [401, 'no token', () => ({ path: '/api/parent/dashboard' })],
  [401, 'a token that is none', () => ({ path: '/api/parent/dashboard', token: 'hush' })],
  [401, 'a wrong password', () => post('/api/auth/login', { body: { email: 'parent@demo.test', password: 'hush' } })],
  [401, 'a refresh token that is none', () => post('/api/auth/refresh', { cookie: 'querycast_refresh=hush' })],
  [401, 'a publish token that is none', () => post('/v1/invalidations', { token: 'hush', body: {} })],
  [403, 'another role', () => ({ path: '/api/admin/users', as: 'parent' })],
  [404, 'a child of others', () => ({ path: '/api/parent/children/5/progress', as: 'parent' })],
  [404, 'what is no id', () => ({ path: "/api/parent/children/1'--hush/progress", as: 'parent' })],
  [404, 'an unknown address', () => ({ path: '/api/hush', as: 'parent' })],
  [404, 'another method', () => ({ path: '/api/parent/dashboard', method: 'DELETE', as: 'parent' })],
  [409, 'a plan that is sent', () => post(`/api/teacher/study-plans/${sentPlan}/send`, { as: 'teacher' })],
  [413, 'a body that is too large', () => post('/api/auth/login', { body: { email: 'hush'.repeat(50_000) } })],
  [
    415,
    'an encoding that nobody knows',
    () => post('/api/auth/login', { body: '{}', headers: { 'Content-Encoding': 'hush' } }),
  ],
  [
    415,
    'a character set that nobody knows',
    () => post('/api/auth/login', { body: '{}', headers: { 'Content-Type': 'application/json; charset=hush' } }),
  ],
  [500, 'a statement that the database refuses', () => material('hush 500')],
  [503, 'a database that stops', () => material('hush 503')],
];

/** Headers that name what is ours to name. */
const SPEAKING: ReadonlySet<string> = new Set(['content-security-policy', 'set-cookie']);

/** Of what is behind the API: stacks, files, statements, tables, drivers, frameworks; and what was sent. */
const INTERNALS =
  /hush|\n\s*at |node_modules|\/src\/|\/dist\/|\.[cm]?[jt]s\b|file:|select |insert |update |delete from|"\w+"\."\w+"|\$1|params|sqlstate|drizzle|pglite|postgres|redis|express|body-parser|SyntaxError|Error:|querycast_|constraint|relation|column/i;

test.each(BAD)('%i for %s says what to do, and nothing of what is behind the API', async (status, _, request) => {
  const { path, as, ...call } = request();
  const answer = await platform.call(path, { ...(as && { token: tokens[as] }), ...call, ...withType(call) });
  expect(answer.status).toBe(status);
  expect(Object.keys(answer.body)).toEqual(['error']);
  const { code, message, fields = {}, ...more } = answer.body.error;
  expect([code, message]).toEqual([expect.stringMatching(/^[a-z_]+$/), expect.stringMatching(/\S/)]);
  // At the publisher's door, which rule was broken and where.
  expect(Object.keys(more).filter((name) => name !== 'problems')).toEqual([]);
  expect(JSON.stringify(Object.values(fields)) + message).not.toMatch(INTERNALS);
  expect(JSON.stringify([...answer.headers].filter(([name]) => !SPEAKING.has(name)))).not.toMatch(INTERNALS);
  expect(answer.headers.get('x-powered-by')).toBeNull();
});

function withType({ headers }: Call): Pick<Call, 'headers'> {
  return headers ? { headers: { ...JSON_TYPE, ...headers } } : {};
}

test('every status of the contract is among them but 429, whose limits are tested where they are', () => {
  expect([...new Set(BAD.map(([status]) => status))]).toEqual([400, 401, 403, 404, 409, 413, 415, 500, 503]);
});

test.each([
  ['no HTTP', 'hush\r\n\r\n'],
  ['a header that is too large', `GET /api/subjects HTTP/1.1\r\nHost: a\r\nX-Hush: ${'hush'.repeat(10_000)}\r\n\r\n`],
  [
    'a handshake of another transport',
    'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  ],
  ['a handshake of no version', 'GET /socket.io/?hush=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
])('%s is answered without a word of what is behind', async (_, sent) => {
  const socket = connect(Number(new URL(platform.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(sent);
  const answer = (await socket.setEncoding('utf8').toArray()).join('');
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(answer.replace(/^Content-Security-Policy:.*$/im, '')).not.toMatch(INTERNALS);
});
