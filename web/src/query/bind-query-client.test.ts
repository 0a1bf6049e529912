import { onlineManager } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemTimers } from '../client/timers.js';
import { openPage, room, settle } from './live-page.test.support.js';

type Page = ReturnType<typeof openPage>;
let page: Page;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  page.leave();
  onlineManager.setOnline(true);
  vi.useRealTimers();
});

/** A connected page whose room is at `e:1`, with nothing loaded. */
async function connectedPage(options: Parameters<typeof openPage>[0] = {}): Promise<Page> {
  page = openPage(options);
  await page.accept('e:1', 'fresh');
  return page;
}

describe('a frame on a query at rest', () => {
  it('causes exactly one request of a mounted query that it names', async () => {
    await connectedPage();
    await page.mountLoaded(['a', 1], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.requests).toHaveLength(2);
    await page.request().answer('new', 'e:2');
    expect(page.data(['a', 1])).toBe('new');
    expect(page.isStale(['a', 1])).toBe(false);
    expect(page.requests).toHaveLength(2);
  });

  it('leaves other queries alone', async () => {
    await connectedPage();
    await page.mountLoaded(['b'], 'old', 'e:1');
    await page.mountLoaded(['a', '7'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a', 7]);
    expect(page.requests).toHaveLength(2);
    expect(page.isStale(['b'])).toBe(false);
  });

  it('matches as invalidateQueries does: arrays by prefix, objects by subset', async () => {
    await connectedPage();
    await page.mountLoaded(['a', { page: 1, sort: 'name' }, 'x'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a', { page: 1 }]);
    expect(page.requests).toHaveLength(2);
  });

  it('marks a query that is not mounted as stale without a request, and it loads once when it is mounted', async () => {
    await connectedPage();
    const unmount = await page.mountLoaded(['a'], 'old', 'e:1');
    unmount();
    await page.frame('e:1', 'e:2', ['a']);
    await page.frame('e:2', 'e:3', ['a']);
    expect(page.requests).toHaveLength(1);
    expect(page.isStale(['a'])).toBe(true);
    page.mount(['a']);
    await page.request().answer('new', 'e:3');
    expect(page.requests).toHaveLength(2);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('only marks a disabled query', async () => {
    await connectedPage();
    page.queryClient.setQueryData(['a'], 'old');
    page.mount(['a'], { enabled: false });
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.requests).toHaveLength(0);
    expect(page.isStale(['a'])).toBe(true);
  });

  it('does nothing when the position of the response already includes it', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'new', 'e:2');
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.requests).toHaveLength(1);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('is not taken for included because the position is of another epoch', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'd:900');
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.requests).toHaveLength(2);
  });

  it('is not covered by data that the application wrote itself', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'new', 'e:5');
    page.queryClient.setQueryData(['a'], 'optimistic');
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.requests).toHaveLength(2);
  });

  it('keeps its mark when the application writes data over it', async () => {
    await connectedPage();
    const unmount = await page.mountLoaded(['a'], 'old', 'e:1');
    unmount();
    await page.frame('e:1', 'e:2', ['a']);
    page.queryClient.setQueryData(['a'], 'optimistic');
    expect(page.isStale(['a'])).toBe(true);
  });

  it('keeps its mark when a plug-in restores an earlier state over it', async () => {
    await connectedPage();
    const unmount = await page.mountLoaded(['a'], 'old', 'e:1');
    unmount();
    const query = page.queryClient.getQueryCache().find({ queryKey: ['a'] });
    const before = query?.state;
    await page.frame('e:1', 'e:2', ['a']);
    query?.setState({ ...before });
    expect(page.isStale(['a'])).toBe(true);
  });

  it('makes one request for many changes that arrive at once', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    for (let offset = 1; offset < 30; offset += 1) {
      page.wire().send('invalidate', { room, prev: `e:${offset}`, position: `e:${offset + 1}`, keys: [['a']], at: 1 });
    }
    await settle();
    expect(page.requests).toHaveLength(2);
  });

  it('marks as stale before its position counts as applied', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    page.wire().send('invalidate', { room, prev: 'e:1', position: 'e:2', keys: [['a']], at: 1 });
    // Synchronously: nothing may come between.
    expect(page.isStale(['a'])).toBe(true);
  });

  it('is ignored by queries that the filter keeps out', async () => {
    await connectedPage({ filter: (key) => key[0] !== 'a' });
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    page.wire().send('resync', { room, position: 'e:9', reason: 'overflow' });
    await settle();
    expect(page.requests).toHaveLength(1);
    expect(page.isStale(['a'])).toBe(false);
  });
});

describe('a frame while a fetch is running', () => {
  it('never disturbs the first load, and loads once more when it settles', async () => {
    await connectedPage();
    page.mount(['a']);
    await page.frame('e:1', 'e:2', ['a']);
    await page.frame('e:2', 'e:3', ['a']);
    expect(page.requests).toHaveLength(1);
    expect(page.request().signal?.aborted).toBe(false);
    await page.request().answer('old', 'e:1');
    expect(page.data(['a'])).toBe('old');
    expect(page.requests).toHaveLength(2);
    await page.request().answer('new', 'e:3');
    expect(page.requests).toHaveLength(2);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('needs no second load when the response began earlier but already includes the change', async () => {
    await connectedPage();
    page.mount(['a']);
    await page.frame('e:1', 'e:2', ['a']);
    await page.request().answer('new', 'e:2');
    expect(page.requests).toHaveLength(1);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('keeps a prefetch that is not mounted stale when it settles', async () => {
    await connectedPage();
    const prefetch = page.queryClient.prefetchQuery(page.optionsOf(['a']));
    await settle();
    await page.frame('e:1', 'e:2', ['a']);
    await page.request().answer('old', 'e:1');
    await prefetch;
    expect(page.isStale(['a'])).toBe(true);
    expect(page.requests).toHaveLength(1);
  });

  it('leaves no moment in which a prefetch that is behind looks fresh', async () => {
    await connectedPage();
    const seen: boolean[] = [];
    const prefetch = page.queryClient.fetchQuery(page.optionsOf(['a'])).then(() => seen.push(page.isStale(['a'])));
    await settle();
    await page.frame('e:1', 'e:2', ['a']);
    await page.request().answer('old', 'e:1');
    await prefetch;
    expect(seen).toEqual([true]);
  });

  it('never makes more than one running and one waiting fetch, however many frames arrive', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    for (let offset = 1; offset < 20; offset += 1) await page.frame(`e:${offset}`, `e:${offset + 1}`, ['a']);
    expect(page.requests).toHaveLength(2);
    await page.request().answer('older', 'e:2');
    expect(page.requests).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(250);
    expect(page.requests).toHaveLength(3);
    await page.request().answer('new', 'e:20');
    expect(page.requests).toHaveLength(3);
  });

  it('decides by start time when the response carries no position', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old');
    await page.frame('e:1', 'e:2', ['a']);
    await page.frame('e:2', 'e:3', ['a']);
    await page.request().answer('between');
    await vi.advanceTimersByTimeAsync(250);
    expect(page.requests).toHaveLength(3);
    await page.request().answer('new');
    expect(page.requests).toHaveLength(3);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('decides by start time for a room that the header lacks', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old');
    await page.frame('e:1', 'e:2', ['a']);
    await page.request().answer('new', 'class:9=e:1');
    expect(page.requests).toHaveLength(2);
  });

  it('stays stale when the fetch fails, and tries again', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    await page.request().fail();
    expect(page.isStale(['a'])).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    await page.request().answer('new', 'e:2');
    expect(page.requests).toHaveLength(3);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('tries again for as long as the server is away, less and less often, and no sooner when there is news', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    const requestsAfter = async (ms: number) => {
      await page.request().fail();
      await vi.advanceTimersByTimeAsync(ms);
      return page.requests.length;
    };
    for (let failures = 1; failures <= 20; failures += 1) {
      expect(await requestsAfter(30_000)).toBe(2 + failures);
      expect(page.isStale(['a'])).toBe(true);
    }
    expect(await requestsAfter(10_000)).toBe(22);
    await page.frame('e:2', 'e:3', ['a']);
    expect(page.requests).toHaveLength(22);
    await vi.advanceTimersByTimeAsync(20_000);
    await page.request().answer('new', 'e:3');
    expect(page.requests).toHaveLength(23);
    expect(page.isStale(['a'])).toBe(false);
    expect(page.behind).toEqual([]);
  });

  it('gives up after a few attempts where the application says that an error is final', async () => {
    await connectedPage();
    page.queryClient.setDefaultOptions({ queries: { retry: (_failures, error) => error.message !== 'network' } });
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    for (let attempts = 1; attempts <= 4; attempts += 1) {
      await page.request().fail();
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(page.requests).toHaveLength(5);
    expect(page.behind).toEqual([{ queryKey: ['a'], attempts: 4 }]);
    expect(page.isStale(['a'])).toBe(true);
  });

  const withStatus = (status: number) => Object.assign(new Error('refused'), { status });

  /** Lets every fetch fail so for ten minutes, after a change; answers how many there were. */
  async function failedFetches(error: unknown) {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    let answered = 1;
    for (let ms = 0; ms < 600_000; ms += 5_000) {
      if (page.requests.length > answered) {
        await page.request().fail(error);
        answered += 1;
      }
      await vi.advanceTimersByTimeAsync(5_000);
    }
    return page.requests.length - 1;
  }

  it.each([
    ['403', withStatus(403)],
    ['404', withStatus(404)],
    ['410', withStatus(410)],
    ['404 of axios or ky', Object.assign(new Error('refused'), { response: { status: 404 } })],
  ])('gives up after a few attempts where an answer is final, and reports it (%s)', async (_name, error) => {
    expect(await failedFetches(error)).toBe(4);
    expect(page.behind).toEqual([{ queryKey: ['a'], attempts: 4 }]);
    expect(page.isStale(['a'])).toBe(true);
  });

  it.each([
    ['401', withStatus(401)],
    ['408', withStatus(408)],
    ['429', withStatus(429)],
    ['500', withStatus(500)],
    ['no status', new Error('network')],
    ['nothing at all', null],
  ])(
    'goes on where an answer may be another one later, however often the application retries (%s)',
    async (_name, error) => {
      expect(await failedFetches(error)).toBeGreaterThan(20);
      expect(page.behind).toEqual([]);
    },
  );

  it('believes the application more than a status', async () => {
    await connectedPage();
    page.queryClient.setDefaultOptions({ queries: { retry: () => true, retryDelay: 60_000 } });
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    for (let attempts = 1; attempts <= 10; attempts += 1) {
      await page.request().fail(withStatus(404));
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(page.requests).toHaveLength(12);
    expect(page.behind).toEqual([]);
  });

  it('stays stale when the fetch is cancelled back to what was there before', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    const refetch = page.queryClient.refetchQueries({ queryKey: ['a'] });
    await settle();
    await page.frame('e:1', 'e:2', ['a']);
    await page.queryClient.cancelQueries({ queryKey: ['a'] });
    await refetch;
    expect(page.isStale(['a'])).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(page.requests).toHaveLength(3);
  });

  it('does not believe the response of a fetch that was replaced', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    const first = page.queryClient.refetchQueries({ queryKey: ['a'] });
    await settle();
    const replaced = page.request();
    const second = page.queryClient.refetchQueries({ queryKey: ['a'] });
    await settle();
    expect(replaced.signal?.aborted).toBe(true);
    await replaced.answer('late', 'e:9');
    await page.request().answer('old', 'e:1');
    await Promise.all([first, second]);
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.requests).toHaveLength(4);
  });

  it('believes the response of the fetch that replaced another one', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    void page.queryClient.refetchQueries({ queryKey: ['a'] });
    await settle();
    const replaced = page.request();
    void page.queryClient.refetchQueries({ queryKey: ['a'] });
    await settle();
    await replaced.answer('late', 'e:1');
    await page.request().answer('new', 'e:2');
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.requests).toHaveLength(3);
  });

  it('tells the responses of two fetches apart even when they carry no signal', async () => {
    await connectedPage();
    const options = {
      queryKey: ['a'],
      queryFn: async () => (await page.liveFetch('/a', { queryKey: ['a'], client: page.queryClient })).text(),
    };
    for (const position of ['e:1', 'e:2'] as const) {
      const fetched = page.queryClient.fetchQuery({ ...options, staleTime: 0 });
      await settle();
      await page.request().answer('x', position);
      await fetched;
    }
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('does not take the position of a replaced fetch for that of its successor', async () => {
    await connectedPage();
    let isPlain = false;
    const options = {
      queryKey: ['a'],
      queryFn: async (context: Parameters<typeof page.liveFetch>[1]) => {
        if (isPlain) return 'from elsewhere';
        await page.liveFetch('/a', { ...context, client: page.queryClient });
        return new Promise<string>(() => {});
      },
    };
    page.queryClient.setQueryData(['a'], 'old');
    // Rejects when the refetch below replaces it, which is what the test is about.
    void page.queryClient.fetchQuery({ ...options, staleTime: 0 }).catch(() => {});
    await settle();
    await page.request().answer('', 'e:9');
    isPlain = true;
    await page.queryClient.refetchQueries({ queryKey: ['a'] }, { cancelRefetch: true });
    page.mount(['x']);
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.data(['a'])).toBe('from elsewhere');
    expect(page.isStale(['a'])).toBe(true);
  });

  it('counts a fetch that waited for the network as begun when it went out', async () => {
    await connectedPage();
    onlineManager.setOnline(false);
    page.mount(['a']);
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.requests).toHaveLength(0);
    onlineManager.setOnline(true);
    await settle();
    await page.request().answer('new');
    expect(page.requests).toHaveLength(1);
    expect(page.isStale(['a'])).toBe(false);
  });
});

describe('responses that stay behind', () => {
  it.each(['e:1', 'd:7'] as const)('are fetched again three times (%s), reported, and left marked', async (behind) => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      expect(page.requests).toHaveLength(attempt);
      await page.request().answer('old', behind);
      expect(page.requests).toHaveLength(attempt);
      await vi.advanceTimersByTimeAsync(2_000);
    }
    await vi.advanceTimersByTimeAsync(600_000);
    expect(page.requests).toHaveLength(5);
    expect(page.behind).toEqual([{ queryKey: ['a'], attempts: 4 }]);
    expect(page.isStale(['a'])).toBe(true);
  });

  it('do not fail a query when whoever hears of them throws', async () => {
    const failures: unknown[] = [];
    vi.stubGlobal('queueMicrotask', (act: () => void) => {
      Promise.resolve()
        .then(act)
        .catch((failure: unknown) => failures.push(failure));
    });
    page = openPage({
      onBehind: () => {
        throw new Error('of the reporter');
      },
    });
    await page.accept('e:1', 'fresh');
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      await page.request().answer('old', 'e:1');
      await vi.advanceTimersByTimeAsync(2_000);
    }
    vi.unstubAllGlobals();
    expect(failures).toMatchObject([{ message: 'of the reporter' }]);
    expect(page.queryClient.getQueryState(['a'])?.status).toBe('success');
  });

  it('are fetched again though a former one had included the change already', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    await page.request().answer('new', 'e:2');
    void page.queryClient.refetchQueries({ queryKey: ['a'] });
    await settle();
    await page.request().answer('old', 'e:1');
    expect(page.isStale(['a'])).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    await page.request().answer('new', 'e:2');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.requests).toHaveLength(4);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('are fetched again when the next change comes', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await page.request().answer('old', 'e:1');
      await vi.advanceTimersByTimeAsync(2_000);
    }
    await page.frame('e:2', 'e:3', ['a']);
    expect(page.requests).toHaveLength(6);
    await page.request().answer('old', 'e:2');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(page.requests).toHaveLength(7);
    await page.request().answer('new', 'e:3');
    expect(page.isStale(['a'])).toBe(false);
  });

  it('once reported, are left alone until then, though the application fetches by itself', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await page.request().answer('old', 'e:1');
      await vi.advanceTimersByTimeAsync(2_000);
    }
    void page.queryClient.refetchQueries({ queryKey: ['a'] });
    await settle();
    await page.request().answer('old', 'e:1');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.requests).toHaveLength(6);
    expect(page.isStale(['a'])).toBe(true);
  });

  it('are not fetched a second time when the application does it while the next try is waited for', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    await page.request().answer('old', 'e:1');
    void page.queryClient.refetchQueries({ queryKey: ['a'] });
    await settle();
    await page.request().answer('new', 'e:2');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.requests).toHaveLength(3);
  });
});

describe('a fetch that is due later', () => {
  /** A page whose first refetch was in vain. */
  async function waitingPage(options: Parameters<typeof openPage>[0]): Promise<void> {
    await connectedPage(options);
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.frame('e:1', 'e:2', ['a']);
    await page.request().answer('old', 'e:1');
    expect(page.requests).toHaveLength(2);
  }

  it('is not lost when its time is between two milliseconds, though clocks and timers know only whole ones', async () => {
    await waitingPage({ random: () => 0.123 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(page.requests).toHaveLength(3);
  });

  it('is not lost when a timer fires early', async () => {
    const timers = {
      nowMs: () => Date.now(),
      after: (delayMs: number, callback: () => void) => systemTimers.after(delayMs / 2, callback),
    };
    await waitingPage({ timers });
    await vi.advanceTimersByTimeAsync(374);
    expect(page.requests).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(10);
    expect(page.requests).toHaveLength(3);
  });

  it('comes in time though the clock is set back by an hour', async () => {
    await waitingPage({});
    vi.setSystemTime(Date.now() - 3_600_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(page.requests).toHaveLength(3);
  });
});

describe('the first row of a room', () => {
  /** A page that loaded `['a']` before it connected. */
  async function loadedPage(position?: 'e:1' | 'e:2' | 'e:3'): Promise<void> {
    page = openPage();
    await page.mountLoaded(['a'], 'first', position);
  }

  it('resumes from the oldest position that a response carried', async () => {
    page = openPage();
    await page.mountLoaded(['a'], 'x', 'e:3');
    await page.mountLoaded(['b'], 'x', 'e:1');
    await page.mountLoaded(['c'], 'x', 'e:2');
    page.wire().cut();
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await page.wire().auth).positions).toEqual({ [room]: 'e:1' });
  });

  it('costs nothing when the data reaches it', async () => {
    await loadedPage('e:3');
    await page.accept('e:3', 'fresh');
    expect(page.requests).toHaveLength(1);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('loads data without a position once more, whatever its status', async () => {
    await loadedPage();
    await page.accept('e:3', 'recovered');
    expect(page.requests).toHaveLength(2);
    await page.request().answer('second');
    expect(page.requests).toHaveLength(2);
  });

  it('loads data that is older than the row once more when there was nothing to resume from', async () => {
    page = openPage();
    await page.wire().auth;
    await page.mountLoaded(['a'], 'first', 'e:2');
    await page.accept('e:3', 'fresh');
    expect(page.requests).toHaveLength(2);
  });

  /** A page whose handshake carries the position of the data. */
  async function resumedPage(): Promise<void> {
    page = openPage();
    page.wire().cut();
    await page.mountLoaded(['a'], 'first', 'e:2');
    await page.mountLoaded(['b'], 'first', 'e:2');
    await vi.advanceTimersByTimeAsync(1_000);
  }

  it('that is recovered loads only what it names', async () => {
    await resumedPage();
    await page.accept('e:3', 'recovered', [['b']]);
    expect(page.requests.map((request) => request.url)).toEqual(['/["a"]', '/["b"]', '/["b"]']);
  });

  it('that is a resync loads everything older', async () => {
    await resumedPage();
    await page.accept('e:3', 'resync');
    expect(page.requests).toHaveLength(4);
  });

  it('does not trust data older than the position it resumed from', async () => {
    await resumedPage();
    await page.wire().auth;
    await page.mountLoaded(['c'], 'late', 'e:1');
    await page.accept('e:3', 'recovered', []);
    expect(page.requests.map((request) => request.url)).toEqual(['/["a"]', '/["b"]', '/["c"]', '/["c"]']);
  });

  it('judges a load under way when it settles', async () => {
    page = openPage();
    page.mount(['a']);
    await page.accept('e:3', 'fresh');
    expect(page.requests).toHaveLength(1);
    await page.request().answer('old', 'e:2');
    expect(page.requests).toHaveLength(2);
    await page.request().answer('new', 'e:3');
    expect(page.requests).toHaveLength(2);
  });

  it('accepts a load under way whose position reaches it', async () => {
    page = openPage();
    page.mount(['a']);
    await page.accept('e:3', 'fresh');
    await page.request().answer('new', 'e:3');
    expect(page.requests).toHaveLength(1);
  });

  it('makes one request of a query even when several rooms come at once', async () => {
    await loadedPage();
    await page.wire().auth;
    page.wire().accept();
    const rooms = ['parent:1', 'class:1', 'class:2'].map((name) => ({
      room: name,
      position: 'e:1',
      status: 'fresh',
      keys: [],
    }));
    page.wire().send('ready', { protocol: 1, session: 's', node: 'n', live: true, heartbeatMs: 1, rooms });
    await settle();
    await page.request().answer('second');
    expect(page.requests).toHaveLength(2);
  });

  it('does not resume from a response that comes after the cache was cleared for another user', async () => {
    page = openPage();
    page.wire().cut();
    const unmount = page.mount(['a']);
    await settle();
    unmount();
    page.queryClient.clear();
    await page.request().answer('of the former user', 'e:1');
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await page.wire().auth).positions).toEqual({});
  });

  it('uses positions of a prefetch that came before the binder', async () => {
    page = openPage();
    page.unbind();
    const prefetch = page.queryClient.prefetchQuery(page.optionsOf(['a']));
    await settle();
    await page.request().answer('early', 'e:2');
    await prefetch;
    page.bind();
    page.wire().cut();
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await page.wire().auth).positions).toEqual({ [room]: 'e:2' });
    await page.accept('e:3', 'recovered', [['z']]);
    expect(page.isStale(['a'])).toBe(false);
  });

  it('does not take data written over a prefetch for what the server sent', async () => {
    page = openPage();
    page.unbind();
    const prefetch = page.queryClient.prefetchQuery(page.optionsOf(['a']));
    await settle();
    await page.request().answer('early', 'e:9');
    await prefetch;
    page.queryClient.setQueryData(['a'], 'mine');
    page.bind();
    await page.accept('e:3', 'fresh');
    expect(page.isStale(['a'])).toBe(true);
  });
});

describe('a reconnection', () => {
  async function reconnect(): Promise<void> {
    page.wire().cut();
    await vi.advanceTimersByTimeAsync(1_000);
  }

  it('that is recovered loads only the keys that changed', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'x', 'e:1');
    await page.mountLoaded(['b'], 'x');
    await reconnect();
    expect((await page.wire().auth).positions).toEqual({ [room]: 'e:1' });
    await page.accept('e:4', 'recovered', [['b']]);
    expect(page.requests.map((request) => request.url)).toEqual(['/["a"]', '/["b"]', '/["b"]']);
    expect(page.client.status()).toMatchObject({ state: 'live', caughtUp: { keys: 1, resync: false } });
  });

  it('that is a resync loads every live query that is mounted and marks the others', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'x', 'e:1');
    const unmount = await page.mountLoaded(['b'], 'x', 'e:1');
    unmount();
    await reconnect();
    await page.accept('f:0', 'resync');
    expect(page.requests).toHaveLength(3);
    expect(page.isStale(['b'])).toBe(true);
    expect(page.client.status().caughtUp).toMatchObject({ keys: 0, resync: true });
  });

  it('that is a resync replaces what a first load that failed owed to the former epoch', async () => {
    await connectedPage();
    page.mount(['a']);
    await page.frame('e:1', 'e:2', ['a']);
    await page.request().fail();
    page.wire().cut();
    page.client.hurry();
    await settle();
    await page.accept('f:0', 'resync');
    await vi.advanceTimersByTimeAsync(1_000);
    await page.request().answer('new', 'f:0');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.requests).toHaveLength(2);
    expect(page.isStale(['a'])).toBe(false);
    expect(page.behind).toEqual([]);
  });

  it('that is a resync spares data that reaches the new position', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'x', 'f:3');
    await reconnect();
    await page.accept('f:3', 'resync');
    expect(page.requests).toHaveLength(1);
  });
});

describe('more than one request in one query function', () => {
  it('proves only what all of them prove', async () => {
    await connectedPage();
    const done = page.queryClient.fetchQuery({
      queryKey: ['a'],
      queryFn: async (context) => {
        const answers = await Promise.all(
          ['/1', '/2'].map((url) => page.liveFetch(url, { ...context, client: page.queryClient })),
        );
        return answers.length;
      },
    });
    await settle();
    await page.requests[0]?.answer('x', `${room}=e:3, class:1=c:1`);
    await page.requests[1]?.answer('x', 'e:2');
    await done;
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.isStale(['a'])).toBe(false);
    await page.frame('e:2', 'e:3', ['a']);
    expect(page.isStale(['a'])).toBe(true);
  });

  it('proves nothing when one of them carries no position', async () => {
    await connectedPage();
    const done = page.queryClient.fetchQuery({
      queryKey: ['a'],
      queryFn: async (context) => {
        const answers = await Promise.all(
          ['/1', '/2'].map((url) => page.liveFetch(url, { ...context, client: page.queryClient })),
        );
        return answers.length;
      },
    });
    await settle();
    await page.requests[0]?.answer('x', 'e:9');
    await page.requests[1]?.answer('x');
    await done;
    await page.frame('e:1', 'e:2', ['a']);
    expect(page.isStale(['a'])).toBe(true);
  });

  it('proves nothing for the older pages of an infinite query', async () => {
    await connectedPage();
    const { InfiniteQueryObserver } = await import('@tanstack/react-query');
    const observer = new InfiniteQueryObserver(page.queryClient, {
      queryKey: ['list'],
      queryFn: async (context) =>
        (await page.liveFetch(`/${context.pageParam}`, { ...context, client: page.queryClient })).text(),
      initialPageParam: 0,
      getNextPageParam: (_last: string, pages: string[]) => pages.length,
    });
    observer.subscribe(() => {});
    await settle();
    await page.request().answer('first page', 'e:1');
    const more = observer.fetchNextPage();
    await settle();
    await page.request().answer('second page', 'e:2');
    await more;
    await page.frame('e:1', 'e:2', ['list']);
    expect(page.requests).toHaveLength(3);
  });
});

describe('polling', () => {
  it('begins after ten seconds without a live connection, reaches mounted queries only, and ends when live', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'x', 'e:1');
    const unmount = await page.mountLoaded(['b'], 'x', 'e:1');
    unmount();
    page.wire().send('status', { live: false });
    await vi.advanceTimersByTimeAsync(9_999);
    expect(page.client.status().state).toBe('offline');
    await vi.advanceTimersByTimeAsync(1);
    expect(page.client.status().state).toBe('polling');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(page.requests).toHaveLength(3);
    await page.request().answer('y', 'e:1');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(page.requests).toHaveLength(4);
    await page.request().answer('z', 'e:1');
    page.wire().send('status', { live: true });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(page.requests).toHaveLength(4);
    expect(page.client.status().state).toBe('live');
  });

  it.each(['origin_refused', 'protocol_unsupported', 'forbidden', 'of_a_newer_gateway'])(
    'goes on for a page that was refused (%s), for nothing else tells it of changes',
    async (code) => {
      await connectedPage();
      await page.mountLoaded(['a'], 'x', 'e:1');
      page.wire().refuse(code);
      await vi.advanceTimersByTimeAsync(30_000);
      expect(page.requests).toHaveLength(2);
      await page.request().answer('y', 'e:2');
      expect(page.data(['a'])).toBe('y');
      expect(page.client.status()).toMatchObject({ state: 'refused', code });
      page.client.close();
      await vi.advanceTimersByTimeAsync(300_000);
      expect(page.requests).toHaveLength(2);
    },
  );

  it('never runs once the session itself is over', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'x', 'e:1');
    page.wire().send('evicted', { code: 'forbidden' });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(page.requests).toHaveLength(1);
    expect(page.client.status()).toMatchObject({ state: 'refused', code: 'forbidden' });
    page.client.close();
    page.client.start();
    page.wire().refuse('token_invalid');
    await vi.advanceTimersByTimeAsync(300_000);
    expect(page.requests).toHaveLength(1);
    expect(page.client.status()).toMatchObject({ state: 'refused', code: 'token_invalid' });
  });
});

it('after the unbind nothing is marked and nothing is fetched', async () => {
  await connectedPage();
  await page.mountLoaded(['a'], 'x', 'e:1');
  page.wire().send('invalidate', { room, prev: 'e:1', position: 'e:2', keys: [['a']], at: 1 });
  page.unbind();
  await settle();
  await page.frame('e:2', 'e:3', ['a']);
  expect(page.requests).toHaveLength(1);
});

describe('a mutation that is about the same root', () => {
  /** Begins a mutation with this key; answers how to end its request. */
  function mutate(mutationKey: readonly unknown[]) {
    let end = () => {};
    const request = new Promise<void>((resolve) => {
      end = resolve;
    });
    const onSettled = () => page.queryClient.invalidateQueries({ queryKey: ['a'] });
    const mutation = page.queryClient
      .getMutationCache()
      .build(page.queryClient, { mutationKey, mutationFn: () => request, onSettled });
    void mutation.execute(undefined);
    return async () => {
      end();
      await settle();
    };
  }

  it('costs one fetch together with its own frame, which comes before its answer', async () => {
    await connectedPage();
    await page.mountLoaded(['a', 1], 'old', 'e:1');
    const end = mutate(['a', 'write']);
    await settle();
    await page.frame('e:1', 'e:2', ['a', 1]);
    expect(page.requests).toHaveLength(1);
    expect(page.isStale(['a', 1])).toBe(true);
    await end();
    expect(page.requests).toHaveLength(2);
    await page.request().answer('new', 'e:2');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(page.requests).toHaveLength(2);
    expect(page.isStale(['a', 1])).toBe(false);
  });

  it('does not hold back what it is not about, and nothing for ever', async () => {
    await connectedPage();
    await page.mountLoaded(['a'], 'old', 'e:1');
    await page.mountLoaded(['b'], 'old', 'e:1');
    mutate(['a']);
    await settle();
    await page.frame('e:1', 'e:2', ['a'], ['b']);
    expect(page.requests.map(({ url }) => url)).toEqual(['/["a"]', '/["b"]', '/["b"]']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(page.requests.map(({ url }) => url).at(-1)).toBe('/["a"]');
  });
});
