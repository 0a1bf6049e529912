/** Test support: a page with a real `QueryClient`, a live client, and the test as its server and its gateway. */
import { POSITION_HEADER, type Position, type QueryKey, type Room, type RowStatus } from '@querycast/protocol';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { vi } from 'vitest';
import { createLiveClient } from '../client/live-client.js';
import type { Timers } from '../client/timers.js';
import { createManualTransport, type ManualConnection } from '../testing/manual-transport.js';
import { type BehindReport, bindQueryClient } from './bind-query-client.js';
import { createLiveFetch } from './live-fetch.js';

/** The room of these tests. */
export const room: Room = 'parent:1';

/** A request that the page made and that the test answers. */
export interface PendingRequest {
  readonly url: string;
  readonly signal: AbortSignal | undefined;
  /** Answers with the given text and, unless left out, the header of one room. */
  answer(text: string, position?: Position | string): Promise<unknown>;
  /** Default: the network failed. */
  fail(error?: unknown): Promise<unknown>;
}

/** Lets everything that needs no time happen. */
export const settle = () => vi.advanceTimersByTimeAsync(0);

/** Opens a page. Needs fake timers. */
export function openPage(
  options: {
    filter?: (key: readonly unknown[]) => boolean;
    random?: () => number;
    timers?: Timers;
    onBehind?: (report: BehindReport) => void;
  } = {},
) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  const transport = createManualTransport();
  const client = createLiveClient({ getToken: () => 'token', transport, random: () => 0.5 });
  const requests: PendingRequest[] = [];
  const behind: BehindReport[] = [];
  const { filter, random = () => 0.5, timers, onBehind = (report: BehindReport) => behind.push(report) } = options;

  const liveFetch = createLiveFetch((input, init) => {
    return new Promise((resolve, reject) => {
      requests.push({
        url: String(input),
        signal: init?.signal ?? undefined,
        answer: (text, position) => {
          const value = position?.includes('=') || position === undefined ? position : `${room}=${position}`;
          resolve(new Response(text, value === undefined ? {} : { headers: { [POSITION_HEADER]: value } }));
          return settle();
        },
        fail: (...[error = new Error('network')]) => {
          reject(error);
          return settle();
        },
      });
    });
  });

  const optionsOf = (queryKey: readonly unknown[]) => ({
    queryKey,
    queryFn: async (context: Parameters<typeof liveFetch>[1]) =>
      (await liveFetch(`/${JSON.stringify(queryKey)}`, { ...context, client: queryClient })).text(),
  });

  const page = {
    queryClient,
    client,
    transport,
    requests,
    behind,
    liveFetch,
    optionsOf,
    unbind: () => {},
    bind: () => {
      page.unbind = bindQueryClient({
        client,
        queryClient,
        random,
        timers,
        onBehind,
        ...(filter && { filter: (query) => filter(query.queryKey) }),
      });
    },
    /** The newest connection. */
    wire: (): ManualConnection => {
      const wire = transport.connections.at(-1);
      if (!wire) throw new Error('the page has not connected');
      return wire;
    },
    /** Accepts the newest connection and sends its rows. */
    accept: async (position: Position, status: RowStatus, keys: QueryKey[] = []) => {
      await page.wire().auth;
      page.wire().accept();
      page.wire().send('ready', {
        protocol: 1,
        session: 's',
        node: 'n',
        live: true,
        heartbeatMs: 25_000,
        rooms: [{ room, position, status, keys }],
      });
      await settle();
    },
    frame: (prev: Position, position: Position, ...keys: QueryKey[]) =>
      page.spreadFrame(undefined, prev, position, ...keys),
    spreadFrame: async (spreadMs: number | undefined, prev: Position, position: Position, ...keys: QueryKey[]) => {
      page
        .wire()
        .send('invalidate', { room, prev, position, keys, at: 1, ...(spreadMs !== undefined && { spreadMs }) });
      await settle();
    },
    /** Mounts a query; answers the unmount. */
    mount: (queryKey: readonly unknown[], more: { enabled?: boolean } = {}) => {
      const observer = new QueryObserver<unknown>(queryClient, { ...optionsOf(queryKey), ...more });
      return observer.subscribe(() => {});
    },
    /** Mounts a query and answers its first request. */
    mountLoaded: async (queryKey: readonly unknown[], text: string, position?: Position) => {
      const unmount = page.mount(queryKey);
      await page.request().answer(text, position);
      return unmount;
    },
    /** The newest request. */
    request: (): PendingRequest => {
      const request = requests.at(-1);
      if (!request) throw new Error('the page has made no request');
      return request;
    },
    isStale: (queryKey: readonly unknown[]) => queryClient.getQueryState(queryKey)?.isInvalidated === true,
    data: (queryKey: readonly unknown[]) => queryClient.getQueryData(queryKey),
    leave: () => {
      page.unbind();
      client.close();
      queryClient.clear();
      queryClient.unmount();
    },
  };
  page.bind();
  queryClient.mount();
  client.start();
  return page;
}
