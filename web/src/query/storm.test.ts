import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openPage, type PendingRequest, settle } from './live-page.test.support.js';

let page: ReturnType<typeof openPage>;

beforeEach(async () => {
  vi.useFakeTimers();
  page = openPage();
  await page.accept('e:1', 'fresh');
});

afterEach(() => {
  page.leave();
  vi.useRealTimers();
});

/** Counts the marks that queries get from now on. */
function countMarks(): { readonly marks: string[] } {
  const marks: string[] = [];
  page.queryClient.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'invalidate') marks.push(event.query.queryHash);
  });
  return { marks };
}

it('keys of a frame that name the same query several times cost one mark and one fetch', async () => {
  await page.mountLoaded(['a', 1, 'x'], 'old', 'e:1');
  const { marks } = countMarks();
  await page.frame('e:1', 'e:2', ['a'], ['a', 1], ['a', 1, 'x'], ['a']);
  expect(marks).toEqual(['["a",1,"x"]']);
  expect(page.requests).toHaveLength(2);
  await page.request().answer('new', 'e:2');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.requests).toHaveLength(2);
});

it.each([true, false])(
  '1,000 frames in 100 ms on four queries cost eight fetches, the last after the last frame (%s)',
  async (hasHeader) => {
    const keys = [['a'], ['b'], ['c'], ['d']];
    for (const key of keys) await page.mountLoaded(key, 'old', 'e:1');
    const startMs = Date.now();
    const answered = new Set<PendingRequest>(page.requests);
    const fetches: { atMs: number; head: number }[] = [];
    let head = 1;
    let running = 0;
    /** Every request is answered after 30 ms, with what was true when it began. */
    const serve = () => {
      for (const request of page.requests) {
        if (answered.has(request)) continue;
        answered.add(request);
        const version = head;
        fetches.push({ atMs: Date.now() - startMs, head: version });
        running += 1;
        setTimeout(() => {
          running -= 1;
          void request.answer(`${version}`, hasHeader ? `e:${version}` : undefined);
        }, 30);
      }
      expect(running).toBeLessThanOrEqual(4);
    };
    for (let ms = 0; ms < 100; ms += 1) {
      for (let each = 0; each < 10; each += 1) {
        head += 1;
        page.wire().send('invalidate', { room: 'parent:1', prev: `e:${head - 1}`, position: `e:${head}`, keys, at: 1 });
      }
      await settle();
      serve();
      await vi.advanceTimersByTimeAsync(1);
    }
    for (let ms = 0; ms < 3_000; ms += 10) {
      await vi.advanceTimersByTimeAsync(10);
      serve();
    }
    expect(head).toBe(1_001);
    expect(fetches).toHaveLength(8);
    for (const { atMs, head: seen } of fetches.slice(4)) {
      expect(atMs).toBeGreaterThanOrEqual(100);
      expect(atMs).toBeLessThan(300);
      expect(seen).toBe(head);
    }
    expect(keys.map((key) => page.data(key))).toEqual(['1001', '1001', '1001', '1001']);
    expect(keys.some((key) => page.isStale(key))).toBe(false);
  },
);
