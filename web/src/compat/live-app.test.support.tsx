/** Test support: an application in React with the real query library, and the test as its server and its gateway. */
import type { Position, QueryKey, Room } from '@querycast/protocol';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import type { ReactElement, ReactNode } from 'react';
import { vi } from 'vitest';
import { LiveQueryProvider } from '../react/LiveQueryProvider.js';
import { createManualTransport } from '../testing/manual-transport.js';

/** The room of these tests. */
export const room: Room = 'parent:1';

/** A request that waits for the test. */
export interface PendingRequest {
  readonly url: string;
  readonly isOver: boolean;
  answer(text: string): Promise<void>;
}

/** Lets everything that needs no time happen. */
export const settle = () => act(async () => void (await vi.advanceTimersByTimeAsync(0)));

/** Lets time pass. */
export const pass = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

/** A server whose answers the test gives. */
export function createServer() {
  const requests: PendingRequest[] = [];
  const server = {
    requests,
    /** A `queryFn` whose answer is what the test says. */
    get: (url: string) =>
      new Promise<string>((resolve) => {
        let isOver = false;
        requests.push({
          url,
          get isOver() {
            return isOver;
          },
          answer: async (text) => {
            isOver = true;
            await act(async () => {
              resolve(text);
              await vi.advanceTimersByTimeAsync(0);
            });
          },
        });
      }),
    open: () => requests.filter(({ isOver }) => !isOver),
    /** The one request that is not answered yet. */
    request: (): PendingRequest => {
      const [only, ...others] = server.open();
      if (!only || others.length > 0) throw new Error(`${server.open().length} requests are open`);
      return only;
    },
  };
  return server;
}

/** The gateway's end of all connections of one provider. */
export function createGateway() {
  const transport = createManualTransport();
  const open = () => transport.connections.filter(({ isClosed }) => !isClosed);
  const gateway = {
    transport,
    open,
    /** The only connection that is open. */
    wire: () => {
      const [only, ...others] = open();
      if (!only || others.length > 0) throw new Error(`${open().length} connections are open`);
      return only;
    },
    /** Accepts the connection; the room is at `e:1`. */
    accept: async () => {
      await gateway.wire().auth;
      await act(async () => {
        gateway.wire().accept();
        gateway.wire().send('ready', {
          protocol: 1,
          session: 's',
          node: 'n',
          live: true,
          heartbeatMs: 25_000,
          rooms: [{ room, position: 'e:1', status: 'fresh', keys: [] }],
        });
        await vi.advanceTimersByTimeAsync(0);
      });
    },
    /** Frame number `offset`, of `e:2` on. */
    frame: (offset: number, ...keys: QueryKey[]) =>
      act(async () => {
        const [prev, position]: Position[] = [`e:${offset - 1}`, `e:${offset}`];
        gateway.wire().send('invalidate', { room, prev, position, keys, at: 1 });
        await vi.advanceTimersByTimeAsync(0);
      }),
  };
  return gateway;
}

/** An application with one query client and one provider. Needs fake timers. */
export function openApp() {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  const server = createServer();
  const gateway = createGateway();
  const wrap = (children: ReactNode): ReactElement => (
    <QueryClientProvider client={queryClient}>
      <LiveQueryProvider getToken={() => 'token'} transport={gateway.transport} random={() => 0.5}>
        {children}
      </LiveQueryProvider>
    </QueryClientProvider>
  );
  return {
    queryClient,
    server,
    gateway,
    wrap,
    /** Connects, and only then renders: what is loaded before the first row is loaded once more. */
    show: async (children: ReactNode) => {
      const shown = render(wrap(null));
      await settle();
      await gateway.accept();
      shown.rerender(wrap(children));
      await settle();
      return shown;
    },
    text: () => document.body.textContent,
  };
}
