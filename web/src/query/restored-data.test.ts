import { dehydrate, hydrate, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPage, room, settle } from './live-page.test.support.js';

const DAY_MS = 86_400_000;

let page: ReturnType<typeof openPage>;

beforeEach(async () => {
  vi.useFakeTimers();
  page = openPage({ filter: (key) => key[0] !== 'local' });
  await page.accept('e:5', 'fresh');
});

afterEach(() => {
  page.leave();
  vi.useRealTimers();
});

/** What another page, or this one a while ago, stored. */
function stored(queryKey: readonly unknown[], updatedAt: number) {
  const queryClient = new QueryClient();
  queryClient.setQueryData(queryKey, 'stored', { updatedAt });
  const state = dehydrate(queryClient);
  queryClient.clear();
  return state;
}

describe('data older than the newest row of a room', () => {
  it('is loaded once more when it is restored and mounted', async () => {
    hydrate(page.queryClient, stored(['a'], Date.now() - DAY_MS));
    expect(page.isStale(['a'])).toBe(true);
    page.mount(['a']);
    await settle();
    await page.request().answer('new', 'e:5');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.requests).toHaveLength(1);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('is loaded once more when it is restored over a query that was mounted without data', async () => {
    page.mount(['a'], { enabled: false });
    hydrate(page.queryClient, stored(['a'], Date.now() - DAY_MS));
    await settle();
    expect(page.data(['a'])).toBe('stored');
    expect(page.isStale(['a'])).toBe(true);
  });

  it('does not make a load that began after the row run twice', async () => {
    page.mount(['a']);
    await settle();
    hydrate(page.queryClient, stored(['a'], Date.now() - DAY_MS));
    expect(page.isStale(['a'])).toBe(true);
    await page.request().answer('new');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.requests).toHaveLength(1);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('is loaded once more when a persister answers a fetch with it and dates it back', async () => {
    page.mount(['a']);
    await page.request().answer('stored');
    page.queryClient
      .getQueryCache()
      .find({ queryKey: ['a'] })
      ?.setState({ dataUpdatedAt: Date.now() - DAY_MS });
    await settle();
    expect(page.requests).toHaveLength(2);
    await page.request().answer('new', 'e:5');
    expect(page.isStale(['a'])).toBe(false);
  });

  it('must reach the newest change that was announced', async () => {
    await page.frame('e:5', 'e:6', ['a']);
    hydrate(page.queryClient, stored(['a'], Date.now() - DAY_MS));
    page.mount(['a']);
    await settle();
    await page.request().answer('behind', 'e:5');
    await vi.advanceTimersByTimeAsync(500);
    expect(page.requests).toHaveLength(2);
  });

  it('is as old as the row of any room', async () => {
    await vi.advanceTimersByTimeAsync(10_001);
    const between = Date.now();
    await vi.advanceTimersByTimeAsync(1_000);
    hydrate(page.queryClient, stored(['a'], between));
    expect(page.isStale(['a'])).toBe(false);
    page.wire().send('joined', { rooms: [{ room: 'class:1', position: 'c:1', status: 'fresh', keys: [] }] });
    hydrate(page.queryClient, stored(['b'], between));
    expect(page.isStale(['b'])).toBe(true);
  });

  it('may say that it is younger: it was read before it was there, and by another clock', async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    await page.frame('e:5', 'e:6', ['a']);
    hydrate(page.queryClient, stored(['a'], Date.now() + 30));
    page.mount(['a']);
    await settle();
    await page.request().answer('new', 'e:6');
    page.queryClient.setQueryData(['b'], 'written');
    page.mount(['b']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.requests).toHaveLength(1);
  });

  it('is left alone where the filter keeps it out', () => {
    hydrate(page.queryClient, stored(['local'], Date.now() - DAY_MS));
    expect(page.isStale(['local'])).toBe(false);
  });
});

describe('data of now', () => {
  it('is left alone, be it initial or written, unless there was news a moment ago', async () => {
    await vi.advanceTimersByTimeAsync(10_001);
    const observer = new QueryObserver(page.queryClient, { ...page.optionsOf(['a']), initialData: 'initial' });
    observer.subscribe(() => {});
    page.queryClient.setQueryData(['b'], 'written');
    page.mount(['b']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.requests).toEqual([]);
  });

  it('is not what a query lacks that was reset to none', async () => {
    page.mount(['a'], { enabled: false });
    await page.queryClient.resetQueries({ queryKey: ['a'] });
    expect(page.isStale(['a'])).toBe(false);
  });

  it('is loaded for a resync all the same', async () => {
    hydrate(page.queryClient, stored(['a'], Date.now() + 1));
    page.mount(['a']);
    page.wire().send('resync', { room, position: 'e:9', reason: 'overflow' });
    await settle();
    expect(page.requests).toHaveLength(1);
  });
});
