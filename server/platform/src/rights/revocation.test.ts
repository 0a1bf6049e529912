import type { Invalidate } from '@querycast/protocol';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LiveClient, openLiveClient, REVOKED_WITHIN_MS } from '../testing/live-client.test.support.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { type Actor, addFamily, addVictim, ENDS } from './revocations.test.support.js';

let platform: TestPlatform;
let actor: Actor;

beforeAll(async () => {
  platform = await startTestPlatform();
  actor = { node: platform, psql: (statement) => platform.parts.db.execute(sql.raw(statement)) };
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

const framesOf = (said: LiveClient['said']) =>
  said.flatMap(([event, message]) => (event === 'invalidate' ? [message as Invalidate] : []));

const clientOf = (token: string) => openLiveClient(platform.url, token);

test.each(ENDS)('%s ends a socket with %s, within a second, and those of others stay', async (_name, code, end) => {
  const [victim, other] = [await addVictim(platform), await addVictim(platform)];
  const [hers, theirs] = [clientOf(victim.token), clientOf(other.token)];
  await Promise.all([hers.next('ready'), theirs.next('ready')]);
  await end(actor, victim);
  expect(await hers.next('evicted', REVOKED_WITHIN_MS)).toEqual({ code });
  await hers.next('disconnect', REVOKED_WITHIN_MS);
  const again = clientOf(victim.token);
  expect(await again.next('connect_error')).toMatchObject({ code: 'token_invalid' });
  // They may hear of the broker, which has nothing to do with it.
  expect(theirs.said.map(([event]) => event).filter((event) => event !== 'status')).toEqual(['ready']);
  expect(theirs.isConnected()).toBe(true);
  theirs.close();
});

describe('the room of a student', () => {
  test('is open to their parent and their tutor, and to nobody else', async () => {
    const { parent, tutor, another, student, room } = await addFamily(platform);
    const teacher = await platform.logIn('teacher@demo.test');
    const admin = await platform.logIn('admin@demo.test');
    for (const { token } of [parent, tutor]) {
      const client = clientOf(token);
      await client.next('ready');
      expect(await client.ask('subscribe', { room })).toMatchObject({ ok: true });
      client.close();
    }
    for (const { token } of [another, teacher, admin]) {
      const client = clientOf(token);
      await client.next('ready');
      expect(await client.ask('subscribe', { room })).toMatchObject({ ok: false, code: 'forbidden' });
      client.close();
    }
    const client = clientOf(parent.token);
    await client.next('ready');
    for (const other of [
      `student:0${student}`,
      `student:${student}.`,
      'student:2147483648',
      `parent:${another.user.id}`,
    ]) {
      expect(await client.ask('subscribe', { room: other })).toMatchObject({ ok: false, code: 'forbidden' });
    }
    client.close();
  });

  test.each([
    [
      'the API',
      (student: number, parentId: number, token: string) =>
        platform.call(`/api/tutor/students/${student}`, { method: 'PATCH', token, body: { parentId } }),
    ],
    [
      'psql',
      (student: number, parentId: number) =>
        actor.psql(`UPDATE student_profiles SET parent_id = ${parentId} WHERE user_id = ${student}`),
    ],
  ])('is left within a second by a parent who is it no more, by %s, and open to the next one', async (_by, change) => {
    const { parent, tutor, another, student, room } = await addFamily(platform);
    const [before, after, marina] = [clientOf(parent.token), clientOf(another.token), clientOf(tutor.token)];
    await Promise.all([before, after, marina].map((client) => client.next('ready')));
    for (const client of [before, marina]) expect(await client.ask('subscribe', { room })).toMatchObject({ ok: true });
    await change(student, another.user.id, tutor.token);
    expect(await before.next('left', REVOKED_WITHIN_MS)).toEqual({ room, code: 'forbidden' });
    expect(await before.ask('subscribe', { room })).toMatchObject({ ok: false, code: 'forbidden' });
    expect(await after.ask('subscribe', { room })).toMatchObject({ ok: true });
    const mark = await platform.mark(room);
    await expect.poll(() => framesOf(after.said).flatMap(({ keys }) => keys)).toContainEqual(mark);
    // What was on its way has arrived by its answer. Of the change itself it may have heard before it had left.
    await before.ask('unsubscribe', { room: 'none:1' });
    const sinceLeft = before.said.slice(before.said.findIndex(([event]) => event === 'left'));
    expect(framesOf(sinceLeft).map((frame) => frame.room)).not.toContain(room);
    expect(marina.said.map(([event]) => event)).not.toContain('left');
    for (const client of [before, after, marina]) client.close();
  });
});
