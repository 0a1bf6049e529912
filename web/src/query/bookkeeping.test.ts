import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openPage, room, settle } from './live-page.test.support.js';

const QUERIES = 2_000;

/** The most entries of maps that one query may cost at one event. */
const MAX_ENTRIES_PER_EVENT = 10;

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

/** How many entries of maps are written meanwhile, and how often the cache is walked: copying shows in both. */
async function workOf(
  act: () => void | Promise<void>,
  queryClient = page.queryClient,
): Promise<{ entries: number; walks: number }> {
  const { set } = Map.prototype;
  const walk = vi.spyOn(queryClient.getQueryCache(), 'getAll');
  let entries = 0;
  Map.prototype.set = function count(this: Map<unknown, unknown>, key: unknown, value: unknown) {
    entries += 1;
    return set.call(this, key, value);
  };
  try {
    await act();
    return { entries, walks: walk.mock.calls.length };
  } finally {
    Map.prototype.set = set;
    walk.mockRestore();
  }
}

const numbers = Array.from({ length: QUERIES }, (_, number) => number);

it('what happens to one query costs the same among thousands of them', async () => {
  const writeAll = (text: string, queryClient = page.queryClient) => {
    for (const number of numbers) queryClient.setQueryData(['a', number], text);
  };
  // The oldest versions walk the cache by themselves.
  const unbound = new QueryClient();
  const { walks } = await workOf(() => writeAll('x', unbound), unbound);
  unbound.clear();

  const added = await workOf(() => writeAll('x'));
  expect(added.entries).toBeLessThan(QUERIES * MAX_ENTRIES_PER_EVENT);
  expect(added.walks).toBe(walks);

  await page.frame('e:1', 'e:2', ['a']);
  const written = await workOf(() => writeAll('y'));
  expect(numbers.every((number) => page.isStale(['a', number]))).toBe(true);
  expect(written.entries).toBeLessThan(QUERIES * MAX_ENTRIES_PER_EVENT);
  expect(written.walks).toBe(walks);
});

it('a change of everything costs every query once, and walks the cache as often as for one query', async () => {
  const resync = async (offset: number) => {
    page.wire().send('resync', { room, position: `e:${offset}`, reason: 'overflow' });
    await settle();
  };
  page.queryClient.setQueryData(['a', 0], 'x');
  const one = await workOf(() => resync(2));
  for (const number of numbers) page.queryClient.setQueryData(['a', number], 'x');
  const all = await workOf(() => resync(3));
  expect(all.walks).toBe(one.walks);
  expect(all.entries).toBeLessThan(QUERIES * MAX_ENTRIES_PER_EVENT);
});
