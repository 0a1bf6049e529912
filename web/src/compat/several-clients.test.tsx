import { POSITION_HEADER } from '@querycast/protocol';
import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { cleanup, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLiveFetch, type LiveFetch } from '../query/live-fetch.js';
import { LiveQueryProvider } from '../react/LiveQueryProvider.js';
import { useLiveStatus } from '../react/useLiveStatus.js';
import { createGateway, createServer, pass, settle } from './live-app.test.support.js';

let server: ReturnType<typeof createServer>;

beforeEach(() => {
  vi.useFakeTimers();
  server = createServer();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const newQueryClient = () => new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });

type Gateway = ReturnType<typeof createGateway>;

function Orders({ of = '' }: { of?: string }) {
  const { data } = useQuery({ queryKey: ['orders'], queryFn: () => server.get(`/orders${of}`) });
  return <p>{`${of}${data} ${useLiveStatus().state}`}</p>;
}

function LiveOrders({ liveFetch }: { liveFetch: LiveFetch }) {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ['orders'],
    queryFn: async (context) => (await liveFetch('/', { ...context, client })).text(),
  });
  return <p>{data}</p>;
}

const provider = (gateway: Gateway, children: ReactNode) => (
  <LiveQueryProvider getToken={() => 'token'} transport={gateway.transport} random={() => 0.5}>
    {children}
  </LiveQueryProvider>
);

describe('two query clients', () => {
  it('with a provider each have nothing to do with each other', async () => {
    const left = createGateway();
    const right = createGateway();
    render(
      <>
        <QueryClientProvider client={newQueryClient()}>{provider(left, <Orders of="left" />)}</QueryClientProvider>
        <QueryClientProvider client={newQueryClient()}>{provider(right, <Orders of="right" />)}</QueryClientProvider>
      </>,
    );
    await settle();
    for (const { answer } of server.open()) await answer('1');
    await left.accept();
    await server.request().answer('2');
    expect(document.body.textContent).toBe('left2 liveright1 connecting');
    await pass(2_000);
    await left.frame(2, ['orders']);
    expect(server.request().url).toBe('/ordersleft');
    await server.request().answer('3');
    await pass(5_000);
    expect(document.body.textContent).toBe('left3 liveright1 connecting');
    expect(server.requests).toHaveLength(4);
  });

  it('one inside the other: each is kept fresh by the provider inside of it', async () => {
    const outer = createGateway();
    const inner = createGateway();
    render(
      <QueryClientProvider client={newQueryClient()}>
        {provider(
          outer,
          <>
            <Orders of="outer" />
            <QueryClientProvider client={newQueryClient()}>
              {provider(inner, <Orders of="inner" />)}
            </QueryClientProvider>
          </>,
        )}
      </QueryClientProvider>,
    );
    await settle();
    for (const gateway of [outer, inner]) await gateway.accept();
    for (let rounds = 0; rounds < 2; rounds += 1) for (const { answer } of server.open()) await answer('1');
    await pass(2_000);
    const before = server.requests.length;
    await inner.frame(2, ['orders']);
    await server.request().answer('2');
    await pass(5_000);
    expect(document.body.textContent).toBe('outer1 liveinner2 live');
    expect(server.requests).toHaveLength(before + 1);
  });
});

describe('two providers on one query client, as of two roots on one page,', () => {
  /** Two roots, connected and loaded. */
  async function twoRoots() {
    const queryClient = newQueryClient();
    const gateways = [createGateway(), createGateway()] as const;
    const roots = gateways.map((gateway) =>
      render(<QueryClientProvider client={queryClient}>{provider(gateway, <Orders />)}</QueryClientProvider>),
    );
    await settle();
    for (const gateway of gateways) await gateway.accept();
    while (server.open().length > 0) await server.request().answer('1');
    await pass(10_000);
    server.requests.length = 0;
    return { gateways, roots };
  }

  it('end fresh, with at most one request for each of them, never two at once', async () => {
    const { gateways } = await twoRoots();
    for (const gateway of gateways) await gateway.frame(2, ['orders']);
    await server.request().answer('2');
    await settle();
    while (server.open().length > 0) await server.request().answer('3');
    await pass(60_000);
    expect(server.open()).toEqual([]);
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });

  it('stay fresh by the other one when one of them is gone', async () => {
    const { gateways, roots } = await twoRoots();
    roots[0]?.unmount();
    await settle();
    expect(gateways[0].open()).toEqual([]);
    await gateways[1].frame(2, ['orders']);
    await server.request().answer('2');
    await pass(60_000);
    expect(document.body.textContent).toBe('2 live');
    expect(server.requests).toHaveLength(1);
  });

  it('make one request when the response says what it includes', async () => {
    const queryClient = newQueryClient();
    const gateways = [createGateway(), createGateway()] as const;
    let position = 'e:1';
    let requests = 0;
    const liveFetch = createLiveFetch(async () => {
      requests += 1;
      return new Response('x', { headers: { [POSITION_HEADER]: `parent:1=${position}` } });
    });
    for (const gateway of gateways) {
      render(
        <QueryClientProvider client={queryClient}>
          {provider(gateway, <LiveOrders liveFetch={liveFetch} />)}
        </QueryClientProvider>,
      );
      await settle();
      await gateway.accept();
    }
    expect(requests).toBe(1);
    position = 'e:2';
    for (const gateway of gateways) await gateway.frame(2, ['orders']);
    await pass(60_000);
    expect(requests).toBe(2);
  });
});
