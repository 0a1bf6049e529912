import { counter, logIn, logInAsTutor, PEOPLE, publish } from '../support/api.js';
import { untilMarker } from '../support/marker.js';
import { connectedTo, moveApart, nodeOf } from '../support/nodes.js';
import { signIn, subjectOf } from '../support/sign-in.js';
import { twoNodes } from '../support/stack.js';
import { expect, test } from '../support/test.js';
import { assignInPage, openStudents, unassignInPage } from '../support/tutor-page.js';

const SHOWN_WITHIN_MS = 2_000;

test('with the tutor on one node and the parent on the other, each client gets each frame once', async ({
  stack,
  visit,
}) => {
  const [olga, ivan, marina] = [await visit(), await visit(), await visit()];
  await signIn(olga.page, stack.url, 'Olga Petrova');
  await signIn(marina.page, stack.url, 'Marina Belova');
  await openStudents(marina.page);
  await moveApart(marina, nodeOf(olga));
  await signIn(ivan.page, stack.url, 'Ivan Sokolov');
  await moveApart(ivan, nodeOf(olga));
  const physics = subjectOf(olga.page, 'Anna Petrova', 'Physics');
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  await expect(subjectOf(ivan.page, 'Lev Sokolov', 'English')).toBeVisible();
  const before = {
    olga: { requests: olga.wire.requests.length, frames: olga.wire.frames.length },
    ivan: { requests: ivan.wire.requests.length, frames: ivan.wire.frames.length },
    marina: { frames: marina.wire.frames.length },
  };

  await assignInPage(marina.page, 'Anna Petrova', 'Physics');
  await expect(physics).toBeVisible({ timeout: SHOWN_WITHIN_MS });
  await unassignInPage(marina.page, 'Anna Petrova', 'Physics');
  await expect(physics).toHaveCount(0, { timeout: SHOWN_WITHIN_MS });
  // Through the one node and through the other, whichever the load balancer chose above.
  for (const node of twoNodes(stack)) {
    const tutor = await logInAsTutor(node.url);
    await tutor.assign('Anna Petrova', 'Physics');
    await expect(physics).toBeVisible({ timeout: SHOWN_WITHIN_MS });
    await tutor.unassign('Anna Petrova', 'Physics');
    await expect(physics).toHaveCount(0, { timeout: SHOWN_WITHIN_MS });
  }

  await untilMarker(stack.url, PEOPLE.olga, olga.wire);
  await untilMarker(stack.url, PEOPLE.marina, marina.wire);
  await untilMarker(stack.url, PEOPLE.ivan, ivan.wire);
  // One for each of the six changes, and the marker.
  expect(olga.wire.framesOf('invalidate', before.olga.frames)).toHaveLength(7);
  expect(olga.wire.counts(before.olga.requests)).toEqual({ 'GET /api/parent/dashboard': 6 });
  expect(marina.wire.framesOf('invalidate', before.marina.frames)).toHaveLength(7);
  expect(ivan.wire.framesOf('invalidate', before.ivan.frames)).toHaveLength(1);
  expect(ivan.wire.counts(before.ivan.requests)).toEqual({});
});

test('a node receives nothing for rooms it does not have', async ({ stack, servers }) => {
  const [one, two] = twoNodes(stack);
  const olga = (await logIn(one.url, PEOPLE.olga)).login;
  const ivan = (await logIn(two.url, PEOPLE.ivan)).login;
  const clients = [await connectedTo(one.url, olga.token), await connectedTo(two.url, ivan.token)] as const;
  for (const client of clients) expect(await client.next()).toMatchObject({ event: 'ready' });
  const received = () => Promise.all([one, two].map((node) => counter({ nodes: [node] }, 'broker_messages_total')));
  const [onOne, onTwo] = await received();
  expect(await servers.redis.cli('PUBSUB', 'SHARDNUMSUB', `qc:{parent:${olga.user.id}}`)).toMatch(/\n1$/);

  // Through either node: publishing to a room is no reason to hear it.
  for (let n = 0; n < 10; n += 1) {
    for (const node of [one, two]) {
      await publish(node.url, { rooms: [`parent:${olga.user.id}`], keys: [['n', n]] });
    }
  }
  await publish(one.url, { rooms: [`parent:${ivan.user.id}`], keys: [['to-ivan']] });
  expect(await clients[1].next()).toMatchObject({ event: 'invalidate', message: { keys: [['to-ivan']] } });
  expect(await received()).toEqual([(onOne ?? 0) + 20, (onTwo ?? 0) + 1]);
  expect(await counter(stack, 'broker_stray_messages_total')).toBe(0);
  for (const client of clients) client.close();
});
