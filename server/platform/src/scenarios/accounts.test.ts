import { PROTOCOL_VERSION, type Ready, type Row } from '@querycast/protocol';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { ELENA, IVAN, LEV, MARINA, NINA, nothing, OLGA, once, PAVEL } from '../testing/everybody.js';
import { sorted } from '../testing/live-socket.js';
import { everybody, platform, setScene } from './scene.test.support.js';

const USERS = '/api/admin/users';
const NORA = { firstName: 'Nora', lastName: 'Lind', email: 'nora@new.test', password: 'long enough', role: 'teacher' };

setScene();

const create = (fields: object = {}) => everybody.ask(NINA, `POST ${USERS}`, { ...NORA, ...fields });
const setActive = (id: number, isActive: boolean) => everybody.ask(NINA, `PATCH ${USERS}/${id}`, { isActive });
const account = async (id: number) =>
  (await everybody.read(NINA, USERS)).find((user: { id: number }) => user.id === id);

async function logIn(email: string, password: string) {
  return platform.call('/api/auth/login', { method: 'POST', body: { email, password } });
}

/** What somebody who comes back to a room with this position is told to have missed. */
async function missedSince(token: string, room: string, position: string): Promise<Row | undefined> {
  const auth = { token, protocol: PROTOCOL_VERSION, positions: { [room]: position } };
  const socket = io(platform.url, { transports: ['websocket'], reconnection: false, forceNew: true, auth });
  const ready = await new Promise<Ready>((resolve, reject) => {
    socket.on('ready', resolve);
    socket.on('connect_error', reject);
  });
  socket.close();
  return ready.rooms[0];
}

test('somebody new is in nobody’s reads yet: an account is told to nobody, and logs in', async () => {
  const { answer, heard } = await everybody.hear(() => create());
  const { password: _, ...shown } = NORA;
  expect(answer).toMatchObject({ status: 201, body: { id: expect.any(Number), ...shown, isActive: true } });
  expect(JSON.stringify(answer.body)).not.toMatch(/password|hash/i);
  expect(heard).toEqual(nothing);
  expect(await account(answer.body.id)).toEqual(answer.body);
  expect(await logIn(NORA.email, NORA.password)).toMatchObject({
    status: 200,
    body: { user: { name: 'Nora Lind', role: 'teacher' } },
  });
});

test.each([
  ['email', { email: 'Teacher@demo.test' }],
  ['email', { email: 'nobody' }],
  ['role', { email: 'other@new.test', role: 'student' }],
  ['password', { email: 'other@new.test', password: 'short' }],
  ['isActive', { email: 'other@new.test', isActive: false }],
])('an account whose %s is wrong is refused for that: %j', async (field, fields) => {
  const before = await everybody.read(NINA, USERS);
  const answer = await create(fields);
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.error.fields)).toEqual([field]);
  expect(await everybody.read(NINA, USERS)).toEqual(before);
});

test('a student who is deactivated is out at once; active again, the student is told everything', async () => {
  const token = everybody.token(LEV);
  const isShownActive = async () => [
    (await everybody.read(IVAN, '/api/parent/children'))[0].isActive,
    (await everybody.read(MARINA, '/api/tutor/students'))[1].isActive,
    (await everybody.read(PAVEL, '/api/teacher/students'))[0].isActive,
  ];
  const shown = {
    [IVAN]: [['parent-children']],
    [MARINA]: [['tutor-students']],
    [PAVEL]: [['teacher-students']],
  } as const;
  expect(await isShownActive()).toEqual([true, true, true]);
  const { position } = await platform.parts.broker.read(LEV);

  const left = await everybody.hear(() => setActive(5, false), [LEV]);
  expect(left.answer).toMatchObject({ status: 200, body: { id: 5, isActive: false } });
  expect(await everybody.live(LEV).evicted).toBe('deactivated');
  expect(left.heard).toEqual(once(shown));
  expect(await isShownActive()).toEqual([false, false, false]);
  expect((await everybody.ask(LEV, 'GET /api/student/dashboard')).status).toBe(401);
  await expect(platform.connect(token)).rejects.toMatchObject({ code: 'token_invalid' });
  expect((await logIn('student3@demo.test', 'demo')).status).toBe(401);

  // Whatever happens meanwhile is not told to a room that nobody may be in.
  const lesson = { subjectId: 1, teacherId: 6 };
  await everybody.ask(MARINA, 'POST /api/tutor/students/5/subjects', lesson);
  const back = await everybody.hear(() => setActive(5, true), [LEV]);
  expect(back.answer).toMatchObject({ status: 200, body: { id: 5, isActive: true } });
  expect(back.heard).toEqual(once({ ...shown, [ELENA]: [['teacher-students']] }));
  expect(await isShownActive()).toEqual([true, true, true]);

  // Sessions of before stay over.
  expect((await everybody.ask(LEV, 'GET /api/student/dashboard')).status).toBe(401);
  const again = await platform.logIn('student3@demo.test');
  const missed = await missedSince(again.token, LEV, position);
  expect(missed).toMatchObject({ room: LEV, status: 'recovered' });
  expect(sorted(missed?.keys ?? [])).toEqual(
    sorted([['student-dashboard'], ['student-materials'], ['student-progress'], ['study-plans']]),
  );
  const { subjects } = (await platform.call('/api/student/dashboard', { token: again.token })).body;
  expect(subjects.map(({ name }: { name: string }) => name)).toEqual(['English', 'Mathematics']);
});

test('a parent who is deactivated is shown to nobody as such; active again, every key about any child is told', async () => {
  const { position } = await platform.parts.broker.read(OLGA);
  const left = await everybody.hear(() => setActive(1, false), [LEV, OLGA]);
  expect(await everybody.live(OLGA).evicted).toBe('deactivated');
  expect(left.heard).toEqual(nothing);
  const back = await everybody.hear(() => setActive(1, true), [LEV, OLGA]);
  expect(back.heard).toEqual(nothing);
  const { token } = await platform.logIn('parent@demo.test');
  const missed = await missedSince(token, OLGA, position);
  expect(sorted(missed?.keys ?? [])).toEqual(
    sorted([
      ['parent-dashboard'],
      ['parent-children'],
      ['tutor-weekly-reports'],
      ['parent-child-subjects'],
      ['student-progress'],
      ['study-plans'],
      ['student-reports'],
    ]),
  );
});

test('administrators cannot deactivate themselves, and may be renamed by others', async () => {
  const { answer, heard } = await everybody.hear(() => setActive(9, false), [LEV, OLGA]);
  expect(answer).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
  expect(heard).toEqual(nothing);
  expect(await account(9)).toMatchObject({ isActive: true });
  expect((await setActive(9, true)).status).toBe(200);
  expect((await everybody.ask(NINA, 'GET /api/auth/me')).status).toBe(200);
});

test('a teacher whom an administrator renames is told like one who does it alone', async () => {
  const { answer, heard } = await everybody.hear(
    () => everybody.ask(NINA, `PATCH ${USERS}/7`, { firstName: 'Paul' }),
    [LEV, OLGA],
  );
  expect(answer).toMatchObject({ status: 200, body: { id: 7, firstName: 'Paul', lastName: 'Gromov' } });
  expect(heard).toMatchObject(
    once({ [MARINA]: [['tutor-students']] }) && { [MARINA]: [{ keys: ['["tutor-students"]'] }] },
  );
  expect((await everybody.read(IVAN, '/api/parent/children/5/subjects'))[0].teacher.name).toBe('Paul Gromov');
});

test('an account that does not exist is answered with 404, and roles and addresses are not edited', async () => {
  expect((await setActive(9_999, false)).status).toBe(404);
  for (const fields of [{ role: 'admin' }, { email: 'other@new.test' }, { password: 'long enough' }]) {
    expect((await everybody.ask(NINA, `PATCH ${USERS}/7`, fields)).status).toBe(400);
  }
});
