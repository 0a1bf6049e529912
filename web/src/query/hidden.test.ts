import { focusManager } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openPage, settle } from './live-page.test.support.js';

let page: ReturnType<typeof openPage>;

beforeEach(async () => {
  vi.useFakeTimers();
  page = openPage();
  // Else TanStack would fetch what is stale by itself.
  page.queryClient.setDefaultOptions({
    queries: { retry: false, staleTime: Infinity, refetchOnWindowFocus: false },
  });
  await page.accept('e:1', 'fresh');
  await page.mountLoaded(['a'], 'old', 'e:1');
  await page.mountLoaded(['b'], 'old', 'e:1');
});

afterEach(() => {
  page.leave();
  focusManager.setFocused(undefined);
  vi.useRealTimers();
});

async function show(): Promise<void> {
  focusManager.setFocused(true);
  await settle();
}

const urls = () => page.requests.slice(2).map(({ url }) => url);

it('a page that is hidden marks at once and fetches each query once when it is shown', async () => {
  focusManager.setFocused(false);
  await page.frame('e:1', 'e:2', ['a']);
  await page.frame('e:2', 'e:3', ['a'], ['b']);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect([page.isStale(['a']), page.isStale(['b'])]).toEqual([true, true]);
  expect(urls()).toEqual([]);
  await show();
  expect(urls()).toEqual(['/["a"]', '/["b"]']);
  for (const request of page.requests.slice(2)) await request.answer('new', 'e:3');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(urls()).toHaveLength(2);
  expect([page.data(['a']), page.data(['b'])]).toEqual(['new', 'new']);
});

it.each([0, Infinity])(
  'what TanStack fetches itself when it is shown is no second fetch (staleTime %d)',
  async (staleTime) => {
    page.queryClient.setDefaultOptions({ queries: { staleTime, refetchOnWindowFocus: true, retry: false } });
    page.mount(['c']);
    await page.request().answer('old', 'e:1');
    focusManager.setFocused(false);
    await page.frame('e:1', 'e:2', ['c']);
    await show();
    expect(urls()).toEqual(['/["c"]', '/["c"]']);
    await page.request().answer('new', 'e:2');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(urls()).toHaveLength(2);
  },
);

it('a spread goes on while it is hidden, and when shown earlier it waits for the rest of it', async () => {
  focusManager.setFocused(false);
  await page.spreadFrame(10_000, 'e:1', 'e:2', ['a']);
  await vi.advanceTimersByTimeAsync(4_000);
  await show();
  expect(urls()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(urls()).toEqual(['/["a"]']);
});

it('a fetch that was running when it was hidden and missed a change is followed by one when it is shown', async () => {
  await page.frame('e:1', 'e:2', ['a']);
  focusManager.setFocused(false);
  await page.frame('e:2', 'e:3', ['a']);
  await page.request().answer('between', 'e:2');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(urls()).toHaveLength(1);
  expect(page.isStale(['a'])).toBe(true);
  await show();
  expect(urls()).toHaveLength(2);
});

it('a failed fetch is not tried again while it is hidden', async () => {
  await page.frame('e:1', 'e:2', ['a']);
  focusManager.setFocused(false);
  await page.request().fail();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(urls()).toHaveLength(1);
  await show();
  expect(urls()).toHaveLength(2);
});

it('a mutation that ends while it is hidden starts no fetch', async () => {
  let end = () => {};
  const request = new Promise<void>((resolve) => {
    end = resolve;
  });
  const mutationFn = () => request;
  const mutation = page.queryClient.getMutationCache().build(page.queryClient, { mutationKey: ['a'], mutationFn });
  void mutation.execute(undefined);
  await settle();
  await page.frame('e:1', 'e:2', ['a']);
  focusManager.setFocused(false);
  end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(urls()).toEqual([]);
  await show();
  expect(urls()).toEqual(['/["a"]']);
});

it('a page that polls skips its polls while it is hidden, and makes up for one when it is shown', async () => {
  page.wire().send('status', { live: false });
  await vi.advanceTimersByTimeAsync(10_000);
  focusManager.setFocused(false);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(urls()).toEqual([]);
  await show();
  expect(urls()).toEqual(['/["a"]', '/["b"]']);
});

it('a page that is shown before a poll was due does not poll yet', async () => {
  page.wire().send('status', { live: false });
  await vi.advanceTimersByTimeAsync(10_000);
  focusManager.setFocused(false);
  await vi.advanceTimersByTimeAsync(14_000);
  await show();
  expect(urls()).toEqual([]);
});

it('what an application fetches itself while it is hidden goes on, and counts', async () => {
  focusManager.setFocused(false);
  await page.frame('e:1', 'e:2', ['a']);
  void page.queryClient.refetchQueries({ queryKey: ['a'] });
  await settle();
  await page.request().answer('new', 'e:2');
  await show();
  expect(urls()).toHaveLength(1);
  expect(page.isStale(['a'])).toBe(false);
});
