import { personRoom } from '@querycast/platform-protocol';
import { POSITION_HEADER } from '@querycast/protocol';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { subjectEnrollments } from '../db/schema.js';
import { envelopesOf, type LiveSocket, sorted } from '../testing/live-socket.js';
import { type LoggedIn, START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

type Watched = keyof typeof EMAILS;
const EMAILS = {
  'parent:1': 'parent@demo.test',
  'parent:2': 'parent2@demo.test',
  'student:3': 'student@demo.test',
  'teacher:6': 'teacher@demo.test',
  'tutor:8': 'tutor@demo.test',
} as const;

const parentsKeys = (studentId: number) =>
  sorted([
    ['parent-dashboard'],
    ['parent-children'],
    ['parent-child-subjects', studentId],
    ['student-progress', studentId],
  ]);
/** What an enrollment of Anna with Elena, come or gone, is to everybody. */
const TOLD = {
  'parent:1': parentsKeys(3),
  'parent:2': [],
  'student:3': sorted([['student-dashboard'], ['student-materials'], ['student-progress']]),
  // With the lessons comes and goes the right to read the own reports on the student.
  'teacher:6': sorted([['teacher-dashboard'], ['teacher-students'], ['student-reports', 3]]),
  'tutor:8': sorted([['tutor-dashboard'], ['tutor-students']]),
} satisfies Record<Watched, string[]>;
const PHYSICS_WITH_ELENA = { subjectId: 2, teacherId: 6 };

let platform: TestPlatform;
let logged: { fields: object; message: string }[] = [];
let marina: LoggedIn;
let olga: LoggedIn;
let olgaLive: LiveSocket;
let ivanLive: LiveSocket;
const live = new Map<Watched, LiveSocket>();

beforeAll(async () => {
  const info = (fields: object, message: string) => logged.push({ fields, message });
  platform = await startTestPlatform({}, { logger: { debug() {}, info, warn() {}, error: console.error } });
  await platform.parts.relay.settled();
  logged = [];
  const people = new Map<Watched, LoggedIn>();
  for (const [room, email] of Object.entries(EMAILS) as [Watched, string][]) {
    const person = await platform.logIn(email);
    people.set(room, person);
    live.set(room, await platform.connect(person.token));
  }
  marina = of(people, 'tutor:8');
  olga = of(people, 'parent:1');
  olgaLive = of(live, 'parent:1');
  ivanLive = of(live, 'parent:2');
}, START_TIMEOUT_MS);

beforeEach(async () => {
  await platform.parts.db.delete(subjectEnrollments).where(eq(subjectEnrollments.subjectId, 2));
  await everythingTold();
  logged = [];
});

afterAll(() => platform.remove());

function of<T>(byRoom: ReadonlyMap<Watched, T>, room: Watched): T {
  const found = byRoom.get(room);
  if (!found) throw new Error(`nobody is in ${room}`);
  return found;
}

/** Everything that was told to anybody since the last time, once all of it has left. */
async function everythingTold(): Promise<Record<string, string[]>> {
  await platform.parts.relay.settled();
  const told: Record<string, string[]> = {};
  for (const [room, socket] of live) told[room] = await untilMark(socket, room);
  return told;
}

/** Everything that arrived before a mark published now. */
async function untilMark(socket: LiveSocket, room: Watched): Promise<string[]> {
  const mark = JSON.stringify(await platform.mark(room));
  const before: string[] = [];
  for (;;) {
    const keys = sorted((await socket.nextFrame()).keys);
    before.push(...keys.filter((key) => key !== mark));
    if (keys.includes(mark)) return before;
  }
}

const assign = (body: unknown = PHYSICS_WITH_ELENA, token = marina.token) =>
  platform.call('/api/tutor/students/3/subjects', { method: 'POST', token, body });

const annasSubjects = async (): Promise<string[]> => {
  const { body } = await platform.call('/api/parent/dashboard', { token: olga.token });
  return body.children[0].subjects.map(({ name }: { name: string }) => name);
};

test('an assignment reaches the parent as one frame with exactly the keys that changed, the other parent not at all', async () => {
  expect(await annasSubjects()).toEqual(['Mathematics']);
  const { status, body } = await assign();
  expect(status).toBe(201);
  expect(body).toEqual({
    id: expect.any(Number),
    studentId: 3,
    subjectId: 2,
    teacherId: 6,
    isActive: true,
    enrolledAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  const frame = await olgaLive.nextFrame();
  expect(await annasSubjects()).toEqual(['Mathematics', 'Physics']);
  expect(frame).toMatchObject({ room: 'parent:1' });
  expect(sorted(frame.keys)).toEqual(TOLD['parent:1']);
  expect(envelopesOf(frame)).toBe(1);
  expect(await everythingTold()).toEqual({ ...TOLD, 'parent:1': [] });
});

test('ending an assignment does the same', async () => {
  const { body } = await assign();
  await everythingTold();
  const path = `/api/tutor/students/3/subjects/${body.id}`;
  expect((await platform.call(path, { method: 'DELETE', token: marina.token })).status).toBe(204);
  const frame = await olgaLive.nextFrame();
  expect(await annasSubjects()).toEqual(['Mathematics']);
  expect(sorted(frame.keys)).toEqual(TOLD['parent:1']);
  expect(envelopesOf(frame)).toBe(1);
  expect(await everythingTold()).toEqual({ ...TOLD, 'parent:1': [] });
});

test('the explicit call is logged with its ids, in the words people search for', async () => {
  const { body } = await assign();
  expect(logged).toContainEqual({
    fields: { parent_id: 1, student_id: 3, enrollment_id: body.id },
    message: `Parent cache invalidated: parent_id=1, student_id=3, enrollment_id=${body.id}`,
  });
});

test('assigning what is assigned already changes no row, and still refreshes the dashboard by the explicit call', async () => {
  await assign();
  await everythingTold();
  await assign();
  const frame = await olgaLive.nextFrame();
  expect(frame.keys).toEqual([['parent-dashboard']]);
  expect(envelopesOf(frame)).toBe(1);
  expect(Object.values(await everythingTold()).flat()).toEqual([]);
});

test('a rolled back assignment pushes nothing', async () => {
  const { db, relay } = platform.parts;
  const rolledBack = db.transaction(async (tx) => {
    await tx.insert(subjectEnrollments).values({ studentId: 3, ...PHYSICS_WITH_ELENA });
    tx.rollback();
  });
  await expect(rolledBack).rejects.toThrow('Rollback');
  relay.wake();
  await relay.settled();
  expect(await untilMark(olgaLive, 'parent:1')).toEqual([]);
});

test('while the transaction is open nothing arrives; when a frame arrives the change can be read', async () => {
  const { db, relay } = platform.parts;
  await db.transaction(async (tx) => {
    await tx.insert(subjectEnrollments).values({ studentId: 3, ...PHYSICS_WITH_ELENA });
    relay.wake();
    // The broker does not wait for the database: whatever the relay had to say early would come before the mark.
    expect(await untilMark(olgaLive, 'parent:1')).toEqual([]);
  });
  const frame = await olgaLive.nextFrame();
  expect(await annasSubjects()).toEqual(['Mathematics', 'Physics']);
  expect(sorted(frame.keys)).toEqual(TOLD['parent:1']);
});

test('a write past the API is announced too', async () => {
  await platform.parts.db.insert(subjectEnrollments).values({ studentId: 5, ...PHYSICS_WITH_ELENA });
  const frame = await ivanLive.nextFrame();
  expect(sorted(frame.keys)).toEqual(parentsKeys(5));
  expect(await untilMark(olgaLive, 'parent:1')).toEqual([]);
});

test('an enrollment that moves to another student is told to both families', async () => {
  const { db } = platform.parts;
  const [row] = await db
    .insert(subjectEnrollments)
    .values({ studentId: 3, ...PHYSICS_WITH_ELENA })
    .returning();
  await everythingTold();
  await db
    .update(subjectEnrollments)
    .set({ studentId: 5 })
    .where(eq(subjectEnrollments.id, row?.id ?? 0));
  expect(await everythingTold()).toEqual({
    ...TOLD,
    'parent:2': parentsKeys(5),
    'teacher:6': [...TOLD['teacher:6'], '["student-reports",5]'].sort(),
  });
});

test('assigning twice is one enrollment, and after its end the same one is active again', async () => {
  const first = await assign();
  const second = await assign();
  expect(second).toMatchObject({ status: 200, body: first.body });
  const path = `/api/tutor/students/3/subjects/${first.body.id}`;
  await platform.call(path, { method: 'DELETE', token: marina.token });
  expect((await platform.call(path, { method: 'DELETE', token: marina.token })).status).toBe(204);
  const third = await assign();
  expect(third).toMatchObject({ status: 200, body: { id: first.body.id, isActive: true } });
  expect(Date.parse(third.body.enrolledAt)).toBeGreaterThan(Date.parse(first.body.enrolledAt));
});

test.each([
  [{}, ['subjectId', 'teacherId']],
  [{ subjectId: 'two', teacherId: 6.5 }, ['subjectId', 'teacherId']],
  [{ ...PHYSICS_WITH_ELENA, studentId: 4 }, ['studentId']],
  [{ subjectId: 99, teacherId: 6 }, ['subjectId']],
  [{ subjectId: 2, teacherId: 7 }, ['teacherId']],
  [{ subjectId: 2, teacherId: 8 }, ['teacherId']],
  [[], ['body']],
  ['{"subjectId":', undefined],
])('the body %j is refused and every bad field named', async (body, fields) => {
  const answer = await assign(body);
  expect(answer.status).toBe(400);
  expect(answer.body.error.code).toBe('bad_request');
  expect(answer.body.error.fields && Object.keys(answer.body.error.fields)).toEqual(fields);
  await platform.parts.relay.settled();
  expect(await untilMark(olgaLive, 'parent:1')).toEqual([]);
});

test('the position of the viewer is read before the data, and moves with each frame', async () => {
  const before = await platform.call('/api/parent/dashboard', { token: olga.token });
  await assign();
  const frame = await olgaLive.nextFrame();
  const after = await platform.call('/api/parent/dashboard', { token: olga.token });
  const room = personRoom('parent', 1);
  expect(before.headers.get(POSITION_HEADER)).toBe(`${room}=${frame.prev}`);
  expect(after.headers.get(POSITION_HEADER)).toBe(`${room}=${frame.position}`);
});
