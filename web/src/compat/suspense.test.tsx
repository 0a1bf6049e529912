import { useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query';
import { cleanup, render } from '@testing-library/react';
import * as react from 'react';
import { StrictMode, Suspense } from 'react';
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

const Fallback = ({ seen }: { seen: string[] }) => {
  seen.push('loading');
  return <p>loading</p>;
};

function Orders({ id = '', seen }: { id?: string; seen: string[] }) {
  const { data } = useSuspenseQuery({ queryKey: ['orders', id], queryFn: () => app.server.get('/orders') });
  seen.push(data);
  return <p>{data}</p>;
}

function Both() {
  const [a, b] = useSuspenseQueries({
    queries: ['a', 'b'].map((key) => ({ queryKey: [key], queryFn: () => app.server.get(key) })),
  });
  return <p>{`${a?.data} ${b?.data}`}</p>;
}

const page = (seen: string[]) => (
  <Suspense fallback={<Fallback seen={seen} />}>
    <Orders seen={seen} />
  </Suspense>
);

describe('a query that suspends', () => {
  it('ends fresh when a frame comes during its first load', async () => {
    const seen: string[] = [];
    await app.show(page(seen));
    expect(app.text()).toBe('loading');
    await app.gateway.frame(2, ['orders']);
    expect(app.server.requests).toHaveLength(1);
    await app.server.request().answer('old');
    await settle();
    await app.server.request().answer('new');
    expect(app.text()).toBe('new');
    await pass(60_000);
    expect(app.server.requests).toHaveLength(2);
    expect(app.text()).toBe('new');
  });

  it('does not suspend again for a frame', async () => {
    const seen: string[] = [];
    await app.show(page(seen));
    await app.server.request().answer('old');
    seen.length = 0;
    await app.gateway.frame(2, ['orders']);
    expect(app.text()).toBe('old');
    await app.server.request().answer('new');
    await pass(60_000);
    expect(app.text()).toBe('new');
    expect(seen).not.toContain('loading');
    expect(seen.at(-1)).toBe('new');
    expect(app.server.requests).toHaveLength(2);
  });

  it('never shows the old again once the new has come, however many frames there are', async () => {
    const seen: string[] = [];
    await app.show(<StrictMode>{page(seen)}</StrictMode>);
    for (const offset of [2, 3, 4, 5]) await app.gateway.frame(offset, ['orders']);
    await app.server.request().answer('1');
    await settle();
    for (const offset of [6, 7, 8, 9]) await app.gateway.frame(offset, ['orders']);
    await app.server.request().answer('2');
    await pass(2_000);
    await app.server.request().answer('3');
    await pass(60_000);
    expect(app.server.requests).toHaveLength(3);
    expect(seen.filter((text, at) => text !== seen[at - 1])).toEqual(['loading', '1', '2', '3']);
  });
});

describe('a provider inside the boundary', () => {
  /** As `page`, with the provider inside. */
  const inside = (seen: string[], key: string) => (
    <Suspense fallback={<Fallback seen={seen} />}>{app.wrap(<Orders key={key} id={key} seen={seen} />)}</Suspense>
  );

  it('connects when its children are there, and then loads once more what is older than the connection', async () => {
    render(inside([], ''));
    await settle();
    expect(app.gateway.transport.connections).toEqual([]);
    await app.server.request().answer('old');
    await settle();
    expect(app.text()).toBe('old');
    await app.gateway.accept();
    await app.server.request().answer('new');
    await pass(60_000);
    expect(app.text()).toBe('new');
    expect(app.server.requests).toHaveLength(2);
    expect(app.gateway.transport.connections).toHaveLength(1);
  });

  it('stays connected when something in it suspends later', async () => {
    const seen: string[] = [];
    const { rerender } = render(inside(seen, ''));
    await settle();
    await app.server.request().answer('a');
    await settle();
    await app.gateway.accept();
    await app.server.request().answer('a');
    seen.length = 0;
    rerender(inside(seen, 'other'));
    await settle();
    expect(seen).toContain('loading');
    await app.gateway.frame(2, ['orders', 'other']);
    await app.server.request().answer('old');
    await settle();
    await app.server.request().answer('new');
    await pass(60_000);
    expect(app.text()).toBe('new');
    expect(app.gateway.transport.connections).toHaveLength(1);
  });
});

it('queries that suspend together end fresh, and only what a frame names is loaded again', async () => {
  await app.show(
    <Suspense fallback={<p>loading</p>}>
      <Both />
    </Suspense>,
  );
  await app.gateway.frame(2, ['a']);
  for (const { url, answer } of app.server.open()) await answer(`${url}1`);
  await settle();
  expect(app.server.request().url).toBe('a');
  await app.server.request().answer('a2');
  await app.gateway.frame(3, ['b']);
  await app.server.request().answer('b2');
  await pass(60_000);
  expect(app.text()).toBe('a2 b2');
  expect(app.server.requests.map(({ url }) => url)).toEqual(['a', 'b', 'a', 'b']);
});

// Younger than the oldest React.
const { Activity } = react;
if (Activity) {
  describe('what `Activity` hides', () => {
    const hiding = (isHidden: boolean) => <Activity mode={isHidden ? 'hidden' : 'visible'}>{page([])}</Activity>;

    it('is loaded for a frame as soon as it is shown again, once', async () => {
      const { rerender } = await app.show(hiding(false));
      await app.server.request().answer('old');
      rerender(app.wrap(hiding(true)));
      await app.gateway.frame(2, ['orders']);
      await pass(10_000);
      expect(app.server.requests).toHaveLength(1);
      rerender(app.wrap(hiding(false)));
      await settle();
      await app.server.request().answer('new');
      await pass(60_000);
      expect(app.text()).toBe('new');
      expect(app.server.requests).toHaveLength(2);
      expect(app.gateway.transport.connections).toHaveLength(1);
    });

    it('has no connection when the provider is hidden with it, and catches up when it is shown again', async () => {
      const whole = (isHidden: boolean) => (
        <Activity mode={isHidden ? 'hidden' : 'visible'}>{app.wrap(page([]))}</Activity>
      );
      const { rerender } = render(whole(false));
      await settle();
      await app.server.request().answer('1');
      await app.gateway.accept();
      await app.server.request().answer('2');
      rerender(whole(true));
      await settle();
      expect(app.gateway.open()).toEqual([]);
      rerender(whole(false));
      await settle();
      await app.gateway.accept();
      await app.server.request().answer('3');
      await pass(60_000);
      expect(app.text()).toBe('3');
      expect(app.server.requests).toHaveLength(3);
      expect(app.gateway.open()).toHaveLength(1);
    });
  });
}
