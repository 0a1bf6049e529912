import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openPage, room, settle } from './live-page.test.support.js';

let page: ReturnType<typeof openPage>;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  page.leave();
  vi.useRealTimers();
});

/** A connected page that shows `['a']` and `['b']` as of `e:1`, and whose dice fall as told. */
async function loadedPage(random: number): Promise<void> {
  page = openPage({ random: () => random });
  await page.accept('e:1', 'fresh');
  await page.mountLoaded(['a'], 'old', 'e:1');
  await page.mountLoaded(['b'], 'old', 'e:1');
}

async function resync(spreadMs?: number): Promise<void> {
  page
    .wire()
    .send('resync', { room, position: 'f:3', reason: 'epoch', ...(spreadMs === undefined ? {} : { spreadMs }) });
  await settle();
}

it('after a resync with a spread everything is stale at once, and fetched once after its random part', async () => {
  await loadedPage(0.25);
  await resync(2_000);
  expect([page.isStale(['a']), page.isStale(['b'])]).toEqual([true, true]);
  await vi.advanceTimersByTimeAsync(499);
  expect(page.requests).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(page.requests).toHaveLength(4);
  for (const request of page.requests.slice(2)) await request.answer('new', 'f:3');
  expect([page.data(['a']), page.data(['b'])]).toEqual(['new', 'new']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(page.requests).toHaveLength(4);
});

it('after a frame with a spread only what it names waits, and a frame without one ends the wait', async () => {
  await loadedPage(0.5);
  await page.spreadFrame(60_000, 'e:1', 'e:2', ['a']);
  expect([page.isStale(['a']), page.isStale(['b'])]).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(page.requests).toHaveLength(2);
  await page.frame('e:2', 'e:3', ['a']);
  expect(page.requests).toHaveLength(3);
  await page.request().answer('new', 'e:3');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.requests).toHaveLength(3);
});

it('a request that the user causes meanwhile makes the one that waited needless', async () => {
  await loadedPage(0.5);
  await resync(2_000);
  void page.queryClient.refetchQueries({ queryKey: ['a'] });
  await settle();
  await page.request().answer('new', 'f:3');
  expect(page.isStale(['a'])).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(page.requests.map(({ url }) => url)).toEqual(['/["a"]', '/["b"]', '/["a"]', '/["b"]']);
});

it('a resync without a spread is fetched at once', async () => {
  await loadedPage(0.5);
  await resync();
  expect(page.requests).toHaveLength(4);
});

it('a page that is left while something waits makes no request any more', async () => {
  await loadedPage(0.5);
  await resync(2_000);
  page.unbind();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(page.requests).toHaveLength(2);
});
