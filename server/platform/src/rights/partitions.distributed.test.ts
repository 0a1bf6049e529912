import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Link, openLink } from '../testing/link.test.support.js';
import { type LiveClient, openLiveClient, REVOKED_WITHIN_MS } from '../testing/live-client.test.support.js';
import { createDistributedPlace } from '../testing/test-place.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { type Actor, addFamily, addVictim, ENDS } from './revocations.test.support.js';

/** How long a node that was cut off may take to hear again and to apply what it missed, in milliseconds. */
const RETURNED_WITHIN_MS = 5_000;

let place: Awaited<ReturnType<typeof createDistributedPlace>>;
/** Where rights are taken away. */
let a: TestPlatform;
/** Where sockets are, which may be cut off. */
let b: TestPlatform;
let toDatabase: Link & { close(): void };
let toRedis: Link & { close(): void };
let psql: Client;
let actor: Actor;

beforeAll(async () => {
  place = await createDistributedPlace();
  [toDatabase, toRedis] = await Promise.all([openLink(place.database.url), openLink(place.redis.url)]);
  a = await startTestPlatform({}, {}, place);
  b = await startTestPlatform({ DATABASE_URL: toDatabase.url, REDIS_URL: toRedis.url }, {}, place);
  psql = new Client({ connectionString: place.database.url });
  await psql.connect();
  actor = { node: a, psql: (statement) => psql.query(statement) };
}, START_TIMEOUT_MS);

afterAll(async () => {
  await psql.end();
  await Promise.all([a.close(), b.close()]);
  toDatabase.close();
  toRedis.close();
  await place.remove();
});

async function connected(token: string): Promise<LiveClient> {
  const client = openLiveClient(b.url, token);
  await client.next('ready');
  return client;
}

/** Nothing was said to it about its rights. */
const isUntouched = (client: LiveClient) =>
  client.isConnected() && client.said.every(([event]) => ['ready', 'status', 'resync', 'invalidate'].includes(event));

test.each(ENDS)('%s on one node ends sockets on the other one with %s, within a second', async (_name, code, end) => {
  const victim = await addVictim(a);
  const client = await connected(victim.token);
  await end(actor, victim);
  expect(await client.next('evicted', REVOKED_WITHIN_MS)).toEqual({ code });
});

test.each(['the API', 'psql'])(
  'a student with another parent, by %s: the other node lets one go and the other one in',
  async (by) => {
    const { parent, another, tutor, student, room } = await addFamily(a);
    const [before, after] = [await connected(parent.token), await connected(another.token)];
    expect(await before.ask('subscribe', { room })).toMatchObject({ ok: true });
    if (by === 'psql')
      await psql.query(`UPDATE student_profiles SET parent_id = ${another.user.id} WHERE user_id = ${student}`);
    else
      await a.call(`/api/tutor/students/${student}`, {
        method: 'PATCH',
        token: tutor.token,
        body: { parentId: another.user.id },
      });
    expect(await before.next('left', REVOKED_WITHIN_MS)).toEqual({ room, code: 'forbidden' });
    expect(await after.ask('subscribe', { room })).toMatchObject({ ok: true });
    for (const client of [before, after]) client.close();
  },
);

/** Somebody for each of these, with a socket on the node that is cut off. */
function victimsOf(ends: typeof ENDS) {
  return Promise.all(
    ends.map(async ([name, code, end]) => {
      const victim = await addVictim(a);
      const client = await connected(victim.token);
      return { name, code, client, end: () => end(actor, victim) };
    }),
  );
}

describe('a node that is cut off', () => {
  afterEach(async () => {
    toDatabase.mend();
    toRedis.mend();
    // Until it hears everything again: the next test begins anew.
    const [byRedis, byDatabase] = [await addVictim(a), await addVictim(a)];
    await vi.waitUntil(async () => {
      const client = openLiveClient(b.url, byRedis.token);
      const said = (await Promise.race([client.next('ready'), client.next('connect_error')])) as { live?: boolean };
      client.close();
      return said.live === true;
    });
    // What ends rights comes by connections of its own, each of which is back in its own time.
    const clients = [await connected(byRedis.token), await connected(byDatabase.token)];
    a.parts.gateway.evict({ user: String(byRedis.user.id) }, 'logged_out');
    await psql.query(`UPDATE users SET is_active = false WHERE id = ${byDatabase.user.id}`);
    await Promise.all(clients.map((client) => client.next('evicted')));
  });

  test('whatever ends rights reaches a node without Redis within a second', async () => {
    const victims = await victimsOf(ENDS);
    toRedis.cut();
    for (const { name, code, client, end } of victims) {
      await end();
      expect([name, await client.next('evicted', REVOKED_WITHIN_MS)]).toEqual([name, { code }]);
    }
  });

  test('what the API ends reaches a node without database within a second', async () => {
    const victims = await victimsOf(ENDS.filter(([name]) => !name.endsWith('by psql')));
    expect(victims).toHaveLength(3);
    toDatabase.cut();
    for (const { name, code, client, end } of victims) {
      await end();
      expect([name, await client.next('evicted', REVOKED_WITHIN_MS)]).toEqual([name, { code }]);
    }
  });

  test.each([
    ['its database', () => toDatabase.cut(), (name: string) => name.endsWith('by psql')],
    ['hints alone', () => toDatabase.cut('LISTEN "querycast_rights"'), (name: string) => name.endsWith('by psql')],
    [
      'all that it hears',
      () => {
        toDatabase.cut();
        toRedis.cut();
      },
      () => true,
    ],
  ])('what ended rights while a node lacked %s is applied when that is back', async (what, cut, isMissed) => {
    const victims = await victimsOf(ENDS.filter(([name]) => isMissed(name)));
    const { parent, another, student, room } = await addFamily(a);
    const before = await connected(parent.token);
    expect(await before.ask('subscribe', { room })).toMatchObject({ ok: true });
    cut();
    await Promise.all(victims.map(({ end }) => end()));
    await psql.query(`UPDATE student_profiles SET parent_id = ${another.user.id} WHERE user_id = ${student}`);
    // With its database, the sweep may come before anything else.
    if (what !== 'hints alone') {
      for (const { name, client } of victims) expect([name, isUntouched(client)]).toEqual([name, true]);
      expect(isUntouched(before)).toBe(true);
    }
    toRedis.mend();
    toDatabase.mend();
    const told = victims.map(async ({ name, client }) => [name, await client.next('evicted', RETURNED_WITHIN_MS)]);
    expect(await Promise.all(told)).toEqual(victims.map(({ name, code }) => [name, { code }]));
    expect(await before.next('left', RETURNED_WITHIN_MS)).toEqual({ room, code: 'forbidden' });
    before.close();
  });
});
