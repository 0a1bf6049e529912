import { expect, test } from 'vitest';
import { judge, type Secret, type Source } from './judge.js';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwicm9sZSI6InBhcmVudCJ9.caWruSDTVPut6IGRxcYuMsLeX3s3NMcLL8hHUr9O7HE';
const SECRETS: readonly Secret[] = [
  { kind: 'token', value: 'publish-token-of-a-run' },
  { kind: 'cookie', value: 'Zm9vYmFyLWEtbG9uZy1vbmU' },
  { kind: 'key', value: 'auth-secret-of-a-run' },
  { kind: 'password', value: 'demo' },
  { kind: 'password', value: 'a-long-password' },
  { kind: 'e-mail', value: 'olga@demo.test' },
  { kind: 'name', value: 'Lev' },
  { kind: 'name', value: 'Ёлкина' },
  { kind: 'text', value: 'Says "no" to fractions' },
  { kind: 'text', value: 'Math' },
];

/** What is found in one line, and how the line is told. */
function foundIn(source: Source, line: string) {
  const written = [{ source, file: 'a', text: `first\n${line}\n` }];
  return judge(
    written.map((each) => (source === 'greeting' ? { ...each, text: `\n${line}\n` } : each)),
    SECRETS,
  );
}

/** A line as the platform writes it. */
function logged(fields: object, msg = 'something happened'): string {
  return JSON.stringify({ level: 30, time: 1_795_710_609_673, node: '2d4696fd133f', ...fields, msg });
}

const FRAME = '    at file:///srv/server/platform/dist/main.js:12:7';

test.each([
  ['a log-in', logged({ user: 1, session: '20627b70-d366-4cdb-85d6-5f4d13a52578' }, 'logged in')],
  ['a room', logged({ user: '3', session: 'AAbb-c_dDeEfFgGhHi19', room: 'student:3' }, 'session lost a room')],
  ['a cache', logged({ owner: 'parent_dashboard_data:1:*', error: { type: 'Error', stack: [FRAME] } })],
  [
    'the guide',
    logged(
      { parent_id: 1, student_id: 3, enrollment_id: 12 },
      'Parent cache invalidated: parent_id=1, student_id=3, enrollment_id=12',
    ),
  ],
  ['the place of a token', logged({ door: 'http', token: 'token-2' }, 'publish refused')],
  ['counts', logged({ rows: 40, published: 40, failures: 3 }, 'outbox rows handled')],
  [
    'a fault of the database',
    logged({ err: { message: 'no ["study-plans"]', code: '23505', cause: { failures: 3 } } }),
  ],
  ['a route', logged({ err: { message: 'a query failed', query: 'select $1' }, route: '/api/admin/users/:userId' })],
  ['an example', logged({ problems: [{ path: 'rooms[0]', message: 'a room must look like "parent:42"' }] })],
  [
    'the hash of a script of Redis',
    logged({ error: `ReplyError: OOM command not allowed. script: ${'0a'.repeat(20)}, on @user_script:12.` }),
  ],
  ['words of every day', logged({ reason: 'level with the demo, Levels, Mathematics' })],
])('a line with %s is as it should be', (_, line) => {
  expect(foundIn('log', line)).toEqual([]);
});

test.each([
  ['a JSON Web Token', logged({ err: { message: `refused ${TOKEN}` } })],
  ['a JSON Web Token', `{"half":"${TOKEN.slice(0, 60)}`],
  ['an Authorization header', logged({ headers: 'Bearer abc' })],
  ['an Authorization header', logged({ headers: { authorization: 'x' } })],
  ['a cookie', logged({ reason: 'querycast_refresh=abc' })],
  ['a cookie', logged({ reason: '__Host-querycast_device=abc' })],
  ['a cookie', logged({ headers: { cookie: 'a=b' } })],
  ['a hash of a password', logged({ reason: 'scrypt$16384$8$5$abc$def' })],
  ['a password or token by its name', logged({ password: 'x' })],
  ['a password or token by its name', logged({}, 'connect with password=hunter')],
  ['an e-mail address', logged({ reason: 'no such person: vera.new@example.org' })],
  ['an e-mail address', logged({ route: '/api/users?email=vera%40example.org' })],
  ['an address with a password', logged({ error: 'connect redis://default:hunter2@cache:6379' })],
  ['parameters of a statement', logged({ err: { message: 'Failed query: select $1\nparams: 3' } })],
  ['parameters of a statement', logged({ err: { detail: 'Key (email)=(x) already exists.' } })],
  ['a token of this run', logged({ reason: 'publish-token-of-a-run' })],
  ['a cookie of this run', logged({ session: 'Zm9vYmFyLWEtbG9uZy1vbmU' })],
  ['a key of this run', 'auth-secret-of-a-run'],
  ['a password of this run', logged({ given: 'demo' })],
  ['a password of this run', logged({ reason: 'wrong: a-long-password' })],
  ['a e-mail of this run', logged({ reason: 'olga@demo.test' })],
  ['a name of this run', logged({ reason: 'Lev is in another class' })],
  ['a name of this run', logged({ reason: 'Вера Ёлкина' })],
  ['a text of this run', logged({ reason: 'Says "no" to fractions' })],
  ['a text of this run', logged({ reason: 'Math, again' })],
  ['no id of the shape of "token"', logged({ token: 'hunter2' })],
  ['no id of the shape of "user"', logged({ user: 'olga' })],
  ['no id of the shape of "session"', logged({ session: 'a' })],
  ['no id of the shape of "room"', logged({ room: 'student:anna' })],
  ['a number, "child", which may be an id', logged({ child: 3 })],
  ['a number, "child", which may be an id', logged({ child: '3' })],
  ['a number, "child", which may be an id', logged({ payload: { child: 3 } })],
  ['a number, "child", which may be an id', logged({ payload: { of: [{ child: '3' }] } })],
  ['a number, "studentId", which may be an id', logged({ err: { message: 'no row', studentId: 3 } })],
  ['a number, "keys", which may be an id', logged({ keys: [['study-plans', 7]] })],
  ['an id in a query key', logged({ key: '["study-plans",7]' })],
  ['an id in a query key', logged({ reason: 'no such key: ["study-plans", "list", "7", true]' })],
  ['an id in a query key', logged({ err: { message: 'refused', cause: '{"keys":[["plans",7]]}' } })],
  ['values in the words of a line', logged({}, 'child 3 has another parent')],
  ['values in the words of a line', logged({}, 'Parent cache invalidated: parent_id=1, student_id=3, grade=7')],
  ['an id beside a word', logged({ reason: 'no room student:3' })],
  ['an id beside a word', logged({ err: { message: 'no row', cause: { message: 'studentId 12' } } })],
  ['a random word', logged({ error: `script: ${'0a'.repeat(20)}, or so` })],
  ['a random word', logged({ reason: 'refused Zx81kQ-v0aPqR7mN2_bT5yLw9cHd4sJf6gKi3uEo' })],
  ['an id in an address', logged({ url: '/api/parent/children/3/progress' })],
])('%s is found in a line of a log (%#)', (what, line) => {
  const findings = foundIn('log', line);
  expect(findings.map((each) => each.what)).toContain(what);
  expect(findings[0]).toMatchObject({ file: 'a', line: 2 });
});

test.each([
  ['an id in an address', 'nginx', '{"method":"GET","path":"/api/parent/children/3/progress","status":200}'],
  ['an id in an address', 'nginx', '{"method":"GET","path":"/a/3","status":200}'],
  ['an id in an address', 'nginx', '[warn] a response to /api/admin/users/3 is buffered'],
  ['a JSON Web Token', 'nginx', `[error] 1#1: *2 failed, request: "GET /socket.io/?token=${TOKEN} HTTP/1.1"`],
  ['a label, "room", of no closed set', 'metrics', 'querycast_joins_total{status="fresh",room="student:3"} 1'],
  ['a label, "user", of no closed set', 'metrics', 'querycast_sessions_total{user="3"} 1'],
  ['a label, "limit", of no closed set', 'metrics', 'querycast_limits_reached_total{limit="student3"} 1'],
  ['a label, "name", of no closed set', 'metrics', 'querycast_logins_total{name="Lev"} 1'],
  ['an e-mail address', 'metrics', '# HELP a Log-ins of olga@demo.test'],
  ['no part of the greeting', 'greeting', 'listening, and a lot more'],
  ['an e-mail address', 'greeting', '  olga@demo.test'],
] as const)('%s is found in what %s writes (%#)', (what, source, line) => {
  expect(foundIn(source, line).map((each) => each.what)).toContain(what);
});

test.each([
  ['nginx', '{"client":"127.0.0.1","method":"GET","path":"/api/parent/children/:id/progress","status":200}'],
  ['nginx', '{"client":"127.0.0.1","method":"GET","path":"/assets/main-B4.js","status":200}'],
  ['nginx', '2026/11/26 [error] 3#3: *4 connect() failed, client: 127.0.0.1, request: "GET /api/children/3 HTTP/1.1"'],
  ['metrics', 'querycast_joins_total{status="fresh"} 12'],
  ['metrics', 'querycast_limits_reached_total{limit="handshakeTimeoutMs"} 1'],
  ['metrics', 'querycast_join_seconds_bucket{le="0.005"} 3'],
  ['metrics', 'nodejs_version_info{version="v20.20.2",major="20",minor="20",patch="2"} 1'],
  ['greeting', 'Demo:      http://127.0.0.1:44861/demo'],
] as const)('what %s writes is as it should be (%#)', (source, line) => {
  expect(foundIn(source, line)).toEqual([]);
});

test('a finding is told without what was found, whatever else is in its line', () => {
  const line = logged({ reason: `Lev, olga@demo.test, ${TOKEN}`, given: 'demo' });
  const findings = foundIn('log', line);
  expect(findings.length).toBeGreaterThan(3);
  for (const { text } of findings) expect(text).not.toMatch(/Lev|olga|eyJ|"demo"/);
});

test('half a line of somebody who was killed is searched for secrets, and not judged by its fields', () => {
  const half = (text: string) => judge([{ source: 'log', file: 'a', text }], SECRETS).map(({ what }) => what);
  expect(half('{"level":30,"room":"student:3')).toEqual([]);
  expect(half(`{"level":30,"reason":"${TOKEN}`)).toEqual(['a JSON Web Token']);
});
