import type { Page } from 'playwright/test';
import { type Moments, recordMoments } from './moments.js';
import type { ScriptedServer } from './scripted-server.js';
import type { LibraryServer } from './server.js';
import { expect, expectCount, test } from './test.js';

const NAMES = ['a', 'b', 'c', 'd'] as const;
const FRAMES = 1_000;
const SENT_WITHIN_MS = 90;
const LAST_COUNT = 1 + FRAMES / NAMES.length;

/** Ends of the windows in which a busy query is fetched once, in milliseconds after its first fetch. */
const WINDOW_ENDS_MS = [250, 750, 1_750, 3_750];

test('1,000 frames within 100 ms cost four queries at most two fetches each, and all end fresh', async ({
  startScripted,
  page,
  open,
}, testInfo) => {
  const server = await startScripted({ sendsPositions: true });
  const { wire } = await open(`${server.url}/?folded=${NAMES}`);
  await showAll(page);
  const { moments, sentInMs } = await sendBurst(server, page);

  for (const name of NAMES) await expectCount(page, name, LAST_COUNT);
  const fetches = await fetchesUntilQuiet(server, page);
  expect(wire.framesOf('invalidate')).toHaveLength(FRAMES + NAMES.length);
  testInfo.annotations.push({
    type: 'measured',
    description: `${spanMsOf(moments)} ms at the page, ${fetches} fetches`,
  });
  // However long the page takes to read them: the second answer, a window later, says that it includes all that was sent.
  expect(fetches).toBeLessThanOrEqual(mostFetches(sentInMs));
});

test('of a server that does not say what its answers include, the last fetch begins after the last of 1,000 frames', async ({
  startScripted,
  page,
  open,
}, testInfo) => {
  const server = await startScripted({ sendsPositions: false });
  await open(`${server.url}/?folded=${NAMES}`);
  await showAll(page);
  const { moments } = await sendBurst(server, page);

  const lastFrameAt = moments.framesAt.at(-1) ?? Number.NaN;
  const lateFetches = () => NAMES.map((name) => (moments.fetchesAt.get(name)?.at(-1) ?? 0) > lastFrameAt);
  await expect.poll(lateFetches).toEqual([true, true, true, true]);
  for (const name of NAMES) await expectCount(page, name, LAST_COUNT);
  const fetches = await fetchesUntilQuiet(server, page);
  const spanMs = spanMsOf(moments);
  testInfo.annotations.push({ type: 'measured', description: `${spanMs} ms at the page, ${fetches} fetches` });
  expect(fetches).toBeLessThanOrEqual(mostFetches(spanMs));
});

test('1,000 changes within 100 ms cost four queries at most two fetches each through a gateway, which merges them', async ({
  page,
  server,
  open,
}, testInfo) => {
  const { wire } = await open(`${server.url}/?folded=${NAMES}`);
  await showAll(page);
  const startedAt = performance.now();
  const changes = Array.from({ length: FRAMES }, (_, index) => server.change(NAMES[index % NAMES.length] ?? ''));
  await Promise.all(changes);
  const sentInMs = performance.now() - startedAt;

  for (const name of NAMES) await expectCount(page, name, LAST_COUNT);
  const fetches = await fetchesUntilQuiet(server, page);
  const frames = wire.framesOf('invalidate').length;
  testInfo.annotations.push({ type: 'measured', description: `${frames} frames, ${fetches} fetches` });
  expect(fetches).toBeLessThanOrEqual(mostFetches(sentInMs));
});

test('written by hand, the same page makes a fetch of nearly every frame', async ({ startScripted, page, open }) => {
  const server = await startScripted({ sendsPositions: true });
  await open(`${server.url}/?folded=${NAMES}&by-hand`);
  await showAll(page);
  const { moments } = await sendBurst(server, page);
  const fetches = () => [...moments.fetchesAt.values()].flat().length;
  await expect.poll(fetches).toBeGreaterThan(FRAMES / 2);
});

/** Loads all counters once the page is live: what is loaded before may have to be fetched again for the first row. */
async function showAll(page: Page): Promise<void> {
  for (const name of NAMES) await page.getByRole('button', { name: `Show ${name}` }).click();
  for (const name of NAMES) await expectCount(page, name, 1);
}

/** Sends all frames at a page at rest and waits until it has received them. */
async function sendBurst(server: ScriptedServer, page: Page): Promise<{ moments: Moments; sentInMs: number }> {
  const moments = await recordMoments(page);
  const sentInMs = await server.burst(NAMES, FRAMES, SENT_WITHIN_MS);
  await expect.poll(() => moments.framesAt.length).toBe(FRAMES);
  return { moments, sentInMs };
}

/** How many fetches the burst cost. A later change of each, fetched after whatever was still due, shows that there are no more. */
async function fetchesUntilQuiet(
  { api, change }: Pick<ScriptedServer | LibraryServer, 'api' | 'change'>,
  page: Page,
): Promise<number> {
  await Promise.all(NAMES.map((name) => change(name)));
  for (const name of NAMES) await expectCount(page, name, LAST_COUNT + 1);
  const fetches = api.requests.filter(({ request }) => request.startsWith('GET')).length;
  return fetches - 2 * NAMES.length;
}

function spanMsOf({ framesAt }: Moments): number {
  return Math.round((framesAt[FRAMES - 1] ?? Number.NaN) - (framesAt[0] ?? Number.NaN));
}

/** Two for each query; on a machine that is too slow for 100 ms, one more for each window that it exceeds. */
function mostFetches(spanMs: number): number {
  return NAMES.length * (2 + WINDOW_ENDS_MS.filter((endMs) => endMs < spanMs).length);
}
