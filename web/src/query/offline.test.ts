import { type NetworkMode, onlineManager } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openPage, settle } from './live-page.test.support.js';

let page: ReturnType<typeof openPage>;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  page.leave();
  onlineManager.setOnline(true);
  vi.useRealTimers();
});

/** A connected page that shows `['a']` as of `e:1`, and whose device has just lost the network; its socket does not know yet. */
async function offlinePage(networkMode: NetworkMode, refetchOnReconnect: boolean): Promise<void> {
  page = openPage();
  page.queryClient.setDefaultOptions({
    queries: { networkMode, refetchOnReconnect, staleTime: Infinity, retry: 1, retryDelay: 1_000 },
  });
  await page.accept('e:1', 'fresh');
  await page.mountLoaded(['a'], 'old', 'e:1');
  onlineManager.setOnline(false);
  await page.frame('e:1', 'e:2', ['a']);
  await page.frame('e:2', 'e:3', ['a']);
}

/** Whatever goes out while offline fails. */
async function passOffline(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    if (page.requests.length > 1) await page.request().fail();
    await vi.advanceTimersByTimeAsync(100);
  }
}

const running = () => page.requests.filter(({ signal }) => !signal?.aborted).length - 1;

it.each([true, false])(
  'by default nothing is sent while offline, and one request when online again (%s)',
  async (own) => {
    await offlinePage('online', own);
    expect(page.isStale(['a'])).toBe(true);
    await passOffline(60_000);
    await page.frame('e:3', 'e:4', ['a']);
    expect(running()).toBe(0);
    onlineManager.setOnline(true);
    await settle();
    expect(running()).toBe(1);
    // It went out after the last change: its start covers them all.
    await page.request().answer('new');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(running()).toBe(1);
    expect(page.data(['a'])).toBe('new');
    expect(page.isStale(['a'])).toBe(false);
  },
);

it.each([true, false])('a query that tries first and waits then ends fresh with its next try (%s)', async (own) => {
  await offlinePage('offlineFirst', own);
  await passOffline(60_000);
  expect(running()).toBe(1);
  onlineManager.setOnline(true);
  await settle();
  expect(running()).toBe(2);
  await page.request().answer('new', 'e:3');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(running()).toBe(2);
  expect(page.isStale(['a'])).toBe(false);
});

it.each([true, false])(
  'a query that never waits for the network is tried less and less often until it is there (%s)',
  async (own) => {
    await offlinePage('always', own);
    await passOffline(120_000);
    const before = running();
    expect(before).toBeLessThan(30);
    onlineManager.setOnline(true);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(running()).toBe(before + 1);
    await page.request().answer('new', 'e:3');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(running()).toBe(before + 1);
    expect(page.isStale(['a'])).toBe(false);
  },
);

it('a query that is left while it waits for the network is marked and not fetched', async () => {
  page = openPage();
  await page.accept('e:1', 'fresh');
  const leave = await page.mountLoaded(['a'], 'old', 'e:1');
  onlineManager.setOnline(false);
  await page.frame('e:1', 'e:2', ['a']);
  leave();
  onlineManager.setOnline(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.isStale(['a'])).toBe(true);
});
