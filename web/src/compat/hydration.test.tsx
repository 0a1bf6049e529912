import { dehydrate, HydrationBoundary, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { act, cleanup } from '@testing-library/react';
import type { ReactElement } from 'react';
import { hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useLiveStatus } from '../react/useLiveStatus.js';
import { openApp, pass, settle } from './live-app.test.support.js';

let app: ReturnType<typeof openApp>;

beforeEach(() => {
  vi.useFakeTimers();
  app = openApp();
});

afterEach(() => {
  cleanup();
  document.body.innerHTML = '';
  vi.useRealTimers();
});

/** What a server would send. React 18 takes the window of these tests for a browser's and warns of effects. */
function renderOnServer(page: ReactElement): string {
  const complain = vi.spyOn(console, 'error').mockImplementation(() => {});
  const html = renderToString(page);
  complain.mockRestore();
  return html;
}

function Orders() {
  const { data } = useQuery({ queryKey: ['orders'], queryFn: () => app.server.get('/orders') });
  return <p>{`${data} ${useLiveStatus().state}`}</p>;
}

/** What a server sends along; by default it has read the data a minute ago. */
function sentAlong(agoMs = 60_000) {
  const queryClient = new QueryClient();
  queryClient.setQueryData(['orders'], 'of the server', { updatedAt: Date.now() - agoMs });
  // As it travels.
  return JSON.parse(JSON.stringify(dehydrate(queryClient)));
}

describe('a page that a server has rendered', () => {
  /** Takes over what the server rendered; answers the root and what React complained of. */
  async function takeOver(): Promise<{ root: Root; complaints: unknown[] }> {
    const state = sentAlong();
    const page = app.wrap(
      <HydrationBoundary state={state}>
        <Orders />
      </HydrationBoundary>,
    );
    const html = renderOnServer(page);
    expect(html).toContain('of the server connecting');
    // The browser begins with a cache of its own.
    app.queryClient.clear();
    document.body.innerHTML = `<div>${html}</div>`;
    const complaints: unknown[] = [];
    const container = document.body.firstElementChild;
    if (!container) throw new Error('nothing was rendered');
    const root = await act(async () =>
      hydrateRoot(container, page, { onRecoverableError: (error) => complaints.push(error) }),
    );
    return { root, complaints };
  }

  it('is taken over as it is, and its data is loaded once more when the connection is there', async () => {
    const { root, complaints } = await takeOver();
    expect(complaints).toEqual([]);
    expect(app.text()).toBe('of the server connecting');
    expect(app.server.requests).toEqual([]);
    await app.gateway.accept();
    expect(app.text()).toBe('of the server live');
    await app.server.request().answer('new');
    await pass(60_000);
    expect(app.text()).toBe('new live');
    expect(app.server.requests).toHaveLength(1);
    act(() => root.unmount());
  });

  it('has one connection, which the server has not made', async () => {
    const { root } = await takeOver();
    expect(app.gateway.transport.connections).toHaveLength(1);
    act(() => root.unmount());
    await settle();
    expect(app.gateway.open()).toEqual([]);
  });
});

it('data that comes with a further page, older than the connection, is loaded once more', async () => {
  const { rerender } = await app.show(null);
  rerender(
    app.wrap(
      <HydrationBoundary state={sentAlong()}>
        <Orders />
      </HydrationBoundary>,
    ),
  );
  await settle();
  expect(app.text()).toBe('of the server live');
  await app.server.request().answer('new');
  await pass(60_000);
  expect(app.text()).toBe('new live');
  expect(app.server.requests).toHaveLength(1);
});

it('data that was read before a change and comes after it is loaded once more', async () => {
  const { rerender } = await app.show(null);
  await pass(1_000);
  // Nobody has asked for them yet.
  await app.gateway.frame(2, ['orders']);
  await pass(400);
  rerender(
    app.wrap(
      <HydrationBoundary state={sentAlong(800)}>
        <Orders />
      </HydrationBoundary>,
    ),
  );
  await settle();
  expect(app.text()).toBe('of the server live');
  await app.server.request().answer('new');
  await pass(60_000);
  expect(app.text()).toBe('new live');
  expect(app.server.requests).toHaveLength(1);
});

it('data that was read after the last change is believed', async () => {
  const { rerender } = await app.show(null);
  await app.gateway.frame(2, ['orders']);
  await pass(11_000);
  rerender(
    app.wrap(
      <HydrationBoundary state={sentAlong(500)}>
        <Orders />
      </HydrationBoundary>,
    ),
  );
  await pass(60_000);
  expect(app.text()).toBe('of the server live');
  expect(app.server.requests).toEqual([]);
});

// Younger than the oldest version.
if (process.env['QUERYCAST_PEERS'] !== 'oldest') {
  describe('data that a server is still reading when the page comes', () => {
    /** The page comes while the server reads, and a change before it if so wished. */
    async function stream(hasChange: boolean): Promise<void> {
      const { rerender } = await app.show(null);
      const onServer = new QueryClient({ defaultOptions: { dehydrate: { shouldDehydrateQuery: () => true } } });
      let answer = (_text: string) => {};
      void onServer.prefetchQuery({
        queryKey: ['orders'],
        queryFn: () => new Promise<string>((resolve) => (answer = resolve)),
      });
      const state = dehydrate(onServer);
      await pass(100);
      if (hasChange) await app.gateway.frame(2, ['orders']);
      rerender(
        app.wrap(
          <HydrationBoundary state={state}>
            <Orders />
          </HydrationBoundary>,
        ),
      );
      await settle();
      answer('of the server');
      await settle();
      expect(app.text()).toBe('of the server live');
    }

    it('is loaded once more, for nobody knows which changes it includes', async () => {
      await stream(true);
      await app.server.request().answer('new');
      await pass(60_000);
      expect(app.text()).toBe('new live');
      expect(app.server.requests).toHaveLength(1);
    });

    it('is loaded once more for a change that comes meanwhile', async () => {
      await stream(false);
      await app.server.request().answer('new');
      await app.gateway.frame(2, ['orders']);
      await pass(2_000);
      await app.server.request().answer('newer');
      await pass(60_000);
      expect(app.text()).toBe('newer live');
    });
  });
}

it('older data that comes over newer is no reason to load anything', async () => {
  const { rerender } = await app.show(<Orders />);
  await app.server.request().answer('newest');
  rerender(
    app.wrap(
      <HydrationBoundary state={sentAlong()}>
        <Orders />
      </HydrationBoundary>,
    ),
  );
  await pass(60_000);
  expect(app.text()).toBe('newest live');
  expect(app.server.requests).toHaveLength(1);
});

it('nothing is left over of a rendering on the server', () => {
  const queryClient = new QueryClient();
  renderOnServer(<QueryClientProvider client={queryClient}>{app.wrap(<Orders />)}</QueryClientProvider>);
  expect(app.gateway.transport.connections).toEqual([]);
  expect(app.queryClient.getQueryCache().hasListeners()).toBe(false);
});
