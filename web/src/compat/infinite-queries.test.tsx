import { useInfiniteQuery } from '@tanstack/react-query';
import { act, cleanup } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openApp, pass, settle } from './live-app.test.support.js';

let app: ReturnType<typeof openApp>;
/** As a user would: asks for one more page. */
let more: () => Promise<void>;

beforeEach(() => {
  vi.useFakeTimers();
  app = openApp();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function Messages() {
  const { data, fetchNextPage } = useInfiniteQuery({
    queryKey: ['messages'],
    queryFn: ({ pageParam }) => app.server.get(`/messages/${pageParam}`),
    initialPageParam: 1,
    getNextPageParam: (_last, pages) => pages.length + 1,
  });
  more = () =>
    act(async () => {
      void fetchNextPage();
      await vi.advanceTimersByTimeAsync(0);
    });
  return <p>{data?.pages.join(' ')}</p>;
}

/** Answers what is asked, one request after the other, until nothing is asked any more. */
async function answerAll(version: number): Promise<string[]> {
  const urls: string[] = [];
  for (await settle(); app.server.open().length > 0; await settle()) {
    const request = app.server.request();
    urls.push(request.url);
    await request.answer(`${request.url.split('/').at(-1)}v${version}`);
  }
  return urls;
}

async function twoPages(): Promise<void> {
  await app.show(<Messages />);
  await answerAll(1);
  await more();
  await answerAll(1);
  expect(app.text()).toBe('1v1 2v1');
}

describe('an infinite query', () => {
  it('loads all its pages again, in order, for a frame', async () => {
    await twoPages();
    await app.gateway.frame(2, ['messages']);
    expect(await answerAll(2)).toEqual(['/messages/1', '/messages/2']);
    expect(app.text()).toBe('1v2 2v2');
    await pass(60_000);
    expect(app.server.open()).toEqual([]);
  });

  it('loses no page and ends fresh when a frame comes while one more page is loaded', async () => {
    await twoPages();
    await more();
    const third = app.server.request();
    expect(third.url).toBe('/messages/3');
    await app.gateway.frame(2, ['messages']);
    expect(app.server.open()).toHaveLength(1);
    await third.answer('3v1');
    expect(app.text()).toBe('1v1 2v1 3v1');
    expect(await answerAll(2)).toEqual(['/messages/1', '/messages/2', '/messages/3']);
    expect(app.text()).toBe('1v2 2v2 3v2');
    await pass(60_000);
    expect(app.server.open()).toEqual([]);
  });

  it('ends fresh when a frame comes between its pages, with one load of all of them more', async () => {
    await twoPages();
    await app.gateway.frame(2, ['messages']);
    await app.server.request().answer('1v2');
    for (const offset of [3, 4, 5]) await app.gateway.frame(offset, ['messages']);
    expect(app.server.request().url).toBe('/messages/2');
    await app.server.request().answer('2v2');
    await pass(2_000);
    expect(await answerAll(5)).toEqual(['/messages/1', '/messages/2']);
    await pass(60_000);
    expect(app.text()).toBe('1v5 2v5');
    expect(app.server.open()).toEqual([]);
  });

  it('takes one more page that is asked for while all of them are loaded again', async () => {
    await twoPages();
    await app.gateway.frame(2, ['messages']);
    // TanStack gives up the load under way for it: what the frame announced must not get lost with it.
    await more();
    for (let loads = 0; app.server.open().length > 0 && loads < 3; loads += 1) {
      for (const { url, answer } of app.server.open()) await answer(`${url.split('/').at(-1)}v2`);
      await answerAll(2);
      await pass(10_000);
    }
    expect(app.text()).toBe('1v2 2v2 3v2');
    await pass(60_000);
    expect(app.server.open()).toEqual([]);
  });
});
