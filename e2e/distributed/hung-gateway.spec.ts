import { counter, logIn, logInAsTutor, PEOPLE } from '../support/api.js';
import { connectedTo, nodeOf, processOf } from '../support/nodes.js';
import { readyRows } from '../support/offline.js';
import { signInAsOlga, subjectOf, untilLive } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

/** For the machine, in milliseconds: a browser, two gateways and three servers on slow cores. */
const SLOW_MS = 10_000;
/** A ping every 15 s, 10 s of patience, and a second's pause at most before the page connects anew. */
const NOTICED_WITHIN_MS = 26_000 + SLOW_MS;
/**
 * nginx takes turns. An attempt that leads to the same node is given up after 10 s and followed by a pause: of 2 s at most
 * after the first, of 4 s after the second, which leads there only when a request of the page's took the turn in between.
 */
const MOVED_WITHIN_MS = 10_000 + 2_000 + 10_000 + 4_000 + SLOW_MS;
/** A request that leads to the node that hangs is answered by the other one after 10 s. */
const SHOWN_WITHIN_MS = 10_000 + SLOW_MS;

test('a page whose gateway hangs notices the silence and goes on at the other one; the old one keeps no ghosts', async ({
  stack,
  servers,
  visit,
}) => {
  test.setTimeout(NOTICED_WITHIN_MS + MOVED_WITHIN_MS + SHOWN_WITHIN_MS + 90_000);
  const olga = await visit();
  await signInAsOlga(olga.page, stack.url);
  const { documents, sockets } = olga.wire;
  const home = nodeOf(olga);
  const hung = await processOf(stack, home);
  const survivor = stack.nodes.find((node) => node !== hung);
  const { login } = await logIn(hung.url, PEOPLE.ivan);
  const leaving = await connectedTo(hung.url, login.token);
  expect(await leaving.next()).toMatchObject({ event: 'ready' });
  const from = olga.wire.frames.length;

  hung.pause();
  // Somebody who leaves while nobody is there to hear it.
  leaving.close();
  const tutor = await logInAsTutor(survivor?.url ?? '');
  await tutor.assign('Anna Petrova', 'Physics');
  await expect.poll(() => olga.wire.sockets, { timeout: NOTICED_WITHIN_MS }).toBeGreaterThan(sockets);
  await expect.poll(() => olga.wire.framesOf('ready', from).length, { timeout: MOVED_WITHIN_MS }).toBe(1);
  expect(readyRows(olga, from)).toMatchObject([{ status: 'recovered' }]);
  expect(nodeOf(olga)).not.toBe(home);
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: SHOWN_WITHIN_MS });
  await untilLive(olga.page);

  hung.resume();
  const on = (name: string) => counter({ nodes: [hung] }, name);
  await expect.poll(async () => [await on('sessions'), await on('rooms')]).toEqual([0, 0]);
  const listeners = (room: string) => servers.redis.cli('PUBSUB', 'SHARDNUMSUB', `qc:{${room}}`);
  await expect.poll(() => listeners(`parent:${login.user.id}`)).toMatch(/\n0$/);
  const { user } = (await logIn(stack.url, PEOPLE.olga)).login;
  await expect.poll(() => listeners(`parent:${user.id}`)).toMatch(/\n1$/);
  expect((await fetch(`${hung.url}/readyz`)).status).toBe(200);
  // And it serves as before.
  const back = await connectedTo(hung.url, login.token);
  expect(await back.next()).toMatchObject({ event: 'ready' });
  back.close();
  expect(olga.wire.framesOf('resync')).toEqual([]);
  expect(olga.wire.documents).toBe(documents);
});
