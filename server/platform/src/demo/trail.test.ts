import type { DemoTravel } from '@querycast/platform-protocol';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { studentProfiles, subjectEnrollments, users } from '../db/schema.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { connectDemo, type DemoSocket } from './demo-client.test.support.js';

let platform: TestPlatform;
let trail: DemoSocket;
let tutor: string;

beforeAll(async () => {
  platform = await startTestPlatform();
  const olga = await platform.logIn('parent@demo.test');
  trail = await connectDemo(platform.url, olga.token, 'trail');
  tutor = (await platform.logIn('tutor@demo.test')).token;
}, START_TIMEOUT_MS);

afterAll(async () => {
  trail.socket.close();
  await platform.remove();
});

const setGoal = (studentId: number, goal: string) =>
  platform.parts.db.update(studentProfiles).set({ goal }).where(eq(studentProfiles.userId, studentId));

const roomsOf = ({ rooms }: DemoTravel) => rooms.map(({ room }) => room);

test('an assignment tells its signal, its explicit call, its rooms with their keys, and how long it took', async () => {
  const body = { subjectId: 2, teacherId: 6 };
  const path = '/api/tutor/students/3/subjects';
  const { body: enrollment } = await platform.call(path, { method: 'POST', token: tutor, body });
  const travel = await trail.travels.next();
  expect(travel.changes).toEqual([
    { source: 'subject_enrollments', operation: 'insert', row: { id: enrollment.id } },
    { source: 'invalidate_cache', operation: 'call', row: { role: 'parent', userId: 1 } },
  ]);
  expect(roomsOf(travel).sort()).toEqual(['parent:1', 'student:3', 'teacher:6', 'tutor:8']);
  expect(travel.rooms.find(({ room }) => room === 'parent:1')?.keys).toContainEqual(['parent-dashboard']);
  expect(travel.publishedAfterMs).toBeGreaterThanOrEqual(0);
  expect(travel.ageMs).toBeGreaterThanOrEqual(travel.publishedAfterMs);
});

test('whoever writes is told of, a program that goes past the API as well', async () => {
  await setGoal(3, 'Written by a program');
  const { changes } = await trail.travels.next();
  expect(changes).toEqual([{ source: 'student_profiles', operation: 'update', row: { user_id: 3 } }]);
});

test('a family that is not of the demo is never in it, not even where the tutor is', async () => {
  const { db } = platform.parts;
  const person = { passwordHash: 'none', lastName: 'Real' };
  const people = await db
    .insert(users)
    .values([
      { ...person, email: 'parent@example.org', role: 'parent', firstName: 'Paula' },
      { ...person, email: 'student@example.org', role: 'student', firstName: 'Sam' },
    ])
    .returning({ id: users.id });
  const [parentId = 0, studentId = 0] = people.map(({ id }) => id);
  await db.insert(studentProfiles).values({ userId: studentId, parentId, tutorId: 8, grade: 5, goal: '' });
  expect(roomsOf(await trail.travels.next())).toEqual(['tutor:8']);
  await db.update(studentProfiles).set({ tutorId: null }).where(eq(studentProfiles.userId, studentId));
  expect(roomsOf(await trail.travels.next())).toEqual(['tutor:8']);
  await setGoal(studentId, 'Of no tutor of the demo any more');
  await setGoal(3, 'A mark');
  expect((await trail.travels.next()).changes[0]?.row).toEqual({ user_id: 3 });
  // A lesson with the demo's teacher, who reads reports about this student from then on.
  await db.insert(subjectEnrollments).values({ studentId, subjectId: 1, teacherId: 6 });
  const { changes, rooms } = await trail.travels.next();
  expect(rooms.map(({ room }) => room)).toEqual(['teacher:6']);
  expect(rooms[0]?.keys).toContainEqual(['student-reports']);
  expect(JSON.stringify({ changes, rooms })).not.toContain(String(studentId));
});

test('whoever logs out, and whoever is deactivated, watches no more', async () => {
  const gone = (socket: DemoSocket['socket']) => new Promise((resolve) => socket.once('disconnect', resolve));
  const ivan = await platform.logIn('parent2@demo.test');
  const watcher = await connectDemo(platform.url, ivan.token, 'trail');
  const cut = gone(watcher.socket);
  await platform.call('/api/auth/logout', { method: 'POST', token: ivan.token, cookie: ivan.cookie });
  expect(await cut).toBe('transport close');

  const again = await platform.logIn('parent2@demo.test');
  const pane = await connectDemo(platform.url, again.token);
  const deactivated = gone(pane.socket);
  const admin = await platform.logIn('admin@demo.test');
  await platform.call('/api/admin/users/2', { method: 'PATCH', token: admin.token, body: { isActive: false } });
  expect(await deactivated).toBe('transport close');
  for (const { socket } of [watcher, pane]) socket.close();
});

test('neither without a good token nor as somebody who is not of the demo does anybody watch', async () => {
  await expect(connectDemo(platform.url, 'made-up', 'trail')).rejects.toThrow();
  const body = {
    firstName: 'Tom',
    lastName: 'Real',
    email: 'tom@example.org',
    password: 'long enough',
    role: 'parent',
  };
  const admin = await platform.logIn('admin@demo.test');
  await platform.call('/api/admin/users', { method: 'POST', token: admin.token, body });
  const login = { email: body.email, password: body.password };
  const answer = await platform.call('/api/auth/login', { method: 'POST', body: login });
  await expect(connectDemo(platform.url, answer.body.token, 'trail')).rejects.toThrow('people of the demo');
});
