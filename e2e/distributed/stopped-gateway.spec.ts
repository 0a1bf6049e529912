import { logInAsTutor } from '../support/api.js';
import { nodeOf, processOf } from '../support/nodes.js';
import { readyRows } from '../support/offline.js';
import { liveIndicator, signInAsOlga, subjectOf, untilLive } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

/** It is asked to move within a second; the load balancer leads it to the other node at its first attempt. */
const MOVED_WITHIN_MS = 3_000;

test('a page whose gateway is told to stop moves to the other one before it ends, and misses nothing', async ({
  stack,
  visit,
}) => {
  const olga = await visit();
  await signInAsOlga(olga.page, stack.url);
  const { documents, sockets } = olga.wire;
  const home = nodeOf(olga);
  const stopped = await processOf(stack, home);
  const survivor = stack.nodes.find((node) => node !== stopped);
  const from = olga.wire.frames.length;

  const ended = stopped.stop();
  const tutor = await logInAsTutor(survivor?.url ?? '');
  await tutor.assign('Anna Petrova', 'Physics');
  await expect.poll(() => olga.wire.framesOf('ready', from).length, { timeout: MOVED_WITHIN_MS }).toBe(1);
  expect(await ended).toBe(0);
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible();
  await untilLive(olga.page);
  expect(readyRows(olga, from)).toMatchObject([{ status: 'recovered' }]);
  expect(nodeOf(olga)).not.toBe(home);
  await expect(liveIndicator(olga.page)).toHaveText('Live');
  // One attempt, not one for each refusal of the node that is going.
  expect(olga.wire.sockets).toBe(sockets + 1);
  expect(olga.wire.framesOf('drain', from)).toHaveLength(1);
  expect(olga.wire.framesOf('resync')).toEqual([]);
  expect(olga.wire.documents).toBe(documents);
});
