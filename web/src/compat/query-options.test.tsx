import * as reactQuery from '@tanstack/react-query';
import { useQueries, useQuery } from '@tanstack/react-query';
import { cleanup } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openApp, pass, settle } from './live-app.test.support.js';

let app: ReturnType<typeof openApp>;

beforeEach(() => {
  vi.useFakeTimers();
  app = openApp();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

interface OrdersProps {
  readonly id?: number;
  readonly enabled?: boolean;
  readonly refetchOnMount?: boolean;
  readonly skip?: object;
  readonly staleTime?: number;
}

function Orders(options: OrdersProps) {
  const { id = 1, skip, ...others } = options;
  const { data, isPlaceholderData } = useQuery({
    queryKey: ['orders', id],
    queryFn: (skip as undefined) ?? (() => app.server.get(`/orders/${id}`)),
    placeholderData: 'placeholder' as string,
    select: (text: string) => text.toUpperCase(),
    ...others,
  });
  return <p>{`${data}${isPlaceholderData ? '?' : ''}`}</p>;
}

describe('a query that is not enabled', () => {
  const cases: [string, object][] = [['with `enabled: false`', { enabled: false }]];
  // Younger than the oldest version.
  if ('skipToken' in reactQuery) cases.push(['with `skipToken`', { skip: reactQuery.skipToken }]);

  it.each(cases)('%s is not loaded for a frame, but as soon as it is enabled', async (_name, disabled) => {
    const { rerender } = await app.show(<Orders />);
    await app.server.request().answer('old');
    rerender(app.wrap(<Orders {...disabled} />));
    await app.gateway.frame(2, ['orders']);
    await pass(60_000);
    expect(app.server.requests).toHaveLength(1);
    expect(app.text()).toBe('OLD');
    rerender(app.wrap(<Orders />));
    await settle();
    await app.server.request().answer('new');
    await pass(60_000);
    expect(app.text()).toBe('NEW');
    expect(app.server.requests).toHaveLength(2);
  });

  it.each(cases)('%s from the first is never loaded', async (_name, disabled) => {
    await app.show(<Orders {...disabled} />);
    await app.gateway.frame(2, ['orders']);
    await pass(60_000);
    expect(app.server.requests).toEqual([]);
    expect(app.text()).toBe('PLACEHOLDER?');
  });
});

describe('what is shown', () => {
  it('goes through `select`, from the placeholder to the newest data and never back', async () => {
    const { rerender } = await app.show(<Orders />);
    expect(app.text()).toBe('PLACEHOLDER?');
    await app.gateway.frame(2, ['orders']);
    await app.server.request().answer('a');
    expect(app.text()).toBe('A');
    await settle();
    await app.server.request().answer('b');
    expect(app.text()).toBe('B');
    rerender(app.wrap(<Orders id={2} />));
    expect(app.text()).toBe('PLACEHOLDER?');
    await app.server.request().answer('c');
    await pass(60_000);
    expect(app.text()).toBe('C');
    expect(app.server.requests).toHaveLength(3);
  });

  it.each([0, Infinity])('is loaded once for a frame with a `staleTime` of %s', async (staleTime) => {
    await app.show(<Orders staleTime={staleTime} />);
    await app.server.request().answer('old');
    await app.gateway.frame(2, ['orders']);
    await app.server.request().answer('new');
    await pass(60_000);
    expect(app.text()).toBe('NEW');
    expect(app.server.requests).toHaveLength(2);
  });
});

describe('a query that is not loaded when it is mounted', () => {
  it('is, when a frame has come meanwhile', async () => {
    const { rerender } = await app.show(<Orders refetchOnMount={false} />);
    await app.server.request().answer('old');
    rerender(app.wrap(null));
    await app.gateway.frame(2, ['orders']);
    await pass(10_000);
    expect(app.server.requests).toHaveLength(1);
    rerender(app.wrap(<Orders refetchOnMount={false} />));
    await settle();
    await app.server.request().answer('new');
    await pass(60_000);
    expect(app.text()).toBe('NEW');
    expect(app.server.requests).toHaveLength(2);
  });

  it('is not, when none has', async () => {
    const { rerender } = await app.show(<Orders refetchOnMount={false} staleTime={0} />);
    await app.server.request().answer('old');
    rerender(app.wrap(null));
    await pass(10_000);
    rerender(app.wrap(<Orders refetchOnMount={false} staleTime={0} />));
    await pass(60_000);
    expect(app.server.requests).toHaveLength(1);
  });
});

describe('a query that leaves the cache', () => {
  it('while a frame waits for it is not loaded any more', async () => {
    const { rerender } = await app.show(<Orders />);
    await app.server.request().answer('1');
    await app.gateway.frame(2, ['orders']);
    await app.server.request().answer('2');
    // Within the window of the one before.
    await app.gateway.frame(3, ['orders']);
    expect(app.server.open()).toEqual([]);
    rerender(app.wrap(null));
    app.queryClient.removeQueries({ queryKey: ['orders'] });
    await pass(60_000);
    expect(app.server.requests).toHaveLength(2);
    rerender(app.wrap(<Orders />));
    await settle();
    await app.server.request().answer('3');
    await pass(60_000);
    expect(app.text()).toBe('3');
    expect(app.server.requests).toHaveLength(3);
  });

  it('while it is loaded owes nothing to the one that follows under its key', async () => {
    const { rerender } = await app.show(<Orders />);
    await app.gateway.frame(2, ['orders']);
    rerender(app.wrap(null));
    app.queryClient.removeQueries({ queryKey: ['orders'] });
    rerender(app.wrap(<Orders />));
    await settle();
    const [former, next] = app.server.open();
    await former?.answer('former');
    await next?.answer('next');
    await pass(60_000);
    expect(app.text()).toBe('NEXT');
    expect(app.server.requests).toHaveLength(2);
  });
});

function Lists({ ids }: { ids: readonly number[] }) {
  const results = useQueries({
    queries: ids.map((id) => ({ queryKey: ['lists', id], queryFn: () => app.server.get(`/lists/${id}`) })),
    combine: (all) => all.map(({ data }) => data).join(' '),
  });
  return <p>{results}</p>;
}

describe('`useQueries`', () => {
  const answerAll = async (version: string) => {
    for (const { url, answer } of app.server.open()) await answer(`${url.split('/').at(-1)}${version}`);
  };

  it('loads those that a frame names, each once', async () => {
    await app.show(<Lists ids={[1, 2, 3]} />);
    await answerAll('a');
    expect(app.text()).toBe('1a 2a 3a');
    await app.gateway.frame(2, ['lists', 1], ['lists', 3]);
    expect(app.server.open().map(({ url }) => url)).toEqual(['/lists/1', '/lists/3']);
    await answerAll('b');
    expect(app.text()).toBe('1b 2a 3b');
    await pass(2_000);
    await app.gateway.frame(3, ['lists']);
    await answerAll('c');
    await pass(60_000);
    expect(app.text()).toBe('1c 2c 3c');
    expect(app.server.requests).toHaveLength(8);
  });

  it('ends fresh when a frame comes while some are loaded, and loads no more those that have left', async () => {
    const { rerender } = await app.show(<Lists ids={[1, 2]} />);
    await app.gateway.frame(2, ['lists']);
    rerender(app.wrap(<Lists ids={[2, 3]} />));
    await settle();
    await answerAll('a');
    await settle();
    expect(app.server.open().map(({ url }) => url)).toEqual(['/lists/2']);
    await answerAll('b');
    await pass(60_000);
    expect(app.text()).toBe('2b 3a');
    expect(app.server.requests).toHaveLength(4);
  });
});
