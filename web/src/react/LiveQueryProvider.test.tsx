import { POSITION_HEADER } from '@querycast/protocol';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { act, cleanup, render, renderHook } from '@testing-library/react';
import { type ReactNode, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLiveFetch } from '../query/live-fetch.js';
import { createManualTransport } from '../testing/manual-transport.js';
import { LiveQueryProvider, type LiveQueryProviderProps } from './LiveQueryProvider.js';
import { LiveProviderMissingError } from './live-context.js';
import { useLiveInvalidation } from './useLiveInvalidation.js';
import { useLiveRoom } from './useLiveRoom.js';
import { useLiveStatus } from './useLiveStatus.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const settle = () => act(() => vi.advanceTimersByTimeAsync(0));

/** What happened on a page. */
interface Journal {
  /** Every text that was ever rendered. */
  readonly shown: string[];
  fetches: number;
}

function Dashboard({ owner, journal }: { owner: string; journal: Journal }) {
  const { data } = useQuery({
    queryKey: ['dashboard'],
    queryFn: async () => {
      journal.fetches += 1;
      return `${owner} ${journal.fetches}`;
    },
  });
  const { state, code } = useLiveStatus();
  journal.shown.push(`${owner} sees ${data}`);
  return <p>{`${data} ${state}${code ? ` ${code}` : ''}`}</p>;
}

function setUp() {
  const transport = createManualTransport();
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  const journal: Journal = { shown: [], fetches: 0 };

  const page = (props: Partial<LiveQueryProviderProps> & { owner: string }) => {
    const { owner, ...options } = props;
    return (
      <QueryClientProvider client={queryClient}>
        <LiveQueryProvider getToken={() => `token of ${owner}`} transport={transport} random={() => 0.5} {...options}>
          <Dashboard owner={owner} journal={journal} />
        </LiveQueryProvider>
      </QueryClientProvider>
    );
  };

  const open = () => transport.connections.filter((connection) => !connection.isClosed);
  const wire = () => {
    const [only, ...others] = open();
    if (!only || others.length > 0) throw new Error(`${open().length} connections are open`);
    return only;
  };
  const accept = async (room = 'parent:1') => {
    await settle();
    await wire().auth;
    await act(async () => {
      wire().accept();
      const rooms = [{ room, position: 'e:1', status: 'fresh', keys: [] }];
      wire().send('ready', { protocol: 1, session: 's', node: 'n', live: true, heartbeatMs: 1, rooms });
    });
    await settle();
  };
  const text = () => document.querySelector('p')?.textContent;
  return { transport, queryClient, journal, page, open, wire, accept, text };
}

describe('LiveQueryProvider', () => {
  it('refetches what a frame names and shows the status', async () => {
    const { page, wire, accept, text } = setUp();
    render(page({ owner: 'Olga' }));
    await settle();
    expect(text()).toBe('Olga 1 connecting');
    await accept();
    expect(text()).toBe('Olga 2 live');
    act(() =>
      wire().send('invalidate', { room: 'parent:1', prev: 'e:1', position: 'e:2', keys: [['dashboard']], at: 1 }),
    );
    await settle();
    // The row has just been fetched for.
    expect(text()).toBe('Olga 2 live');
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    await settle();
    expect(text()).toBe('Olga 3 live');
    act(() => wire().send('evicted', { code: 'logged_out' }));
    expect(text()).toBe('Olga 3 refused logged_out');
  });

  it('has one connection under StrictMode, and none after it is gone', async () => {
    const { page, open, accept, text, queryClient, transport } = setUp();
    const { unmount } = render(<StrictMode>{page({ owner: 'Olga' })}</StrictMode>);
    await settle();
    expect(open()).toHaveLength(1);
    expect(transport.connections).toHaveLength(1);
    await accept();
    expect(text()).toContain('live');
    unmount();
    await settle();
    expect(open()).toHaveLength(0);
    expect(queryClient.getQueryCache().hasListeners()).toBe(false);
  });

  it('keeps the connection when functions change, and asks the newest for the token', async () => {
    const { page, transport, wire, accept } = setUp();
    const { rerender } = render(page({ owner: 'Olga' }));
    await accept();
    rerender(page({ owner: 'Olga', getToken: () => 'newer', filter: () => true }));
    await settle();
    expect(transport.connections).toHaveLength(1);
    await act(async () => wire().cut());
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect((await wire().auth).token).toBe('newer');
  });

  it('connects only while enabled and somebody is logged in', async () => {
    const { page, open } = setUp();
    const { rerender } = render(page({ owner: 'Olga', userId: 1, enabled: false }));
    await settle();
    expect(open()).toHaveLength(0);
    rerender(page({ owner: 'Olga', userId: 1 }));
    await settle();
    expect(open()).toHaveLength(1);
    rerender(page({ owner: 'Olga', userId: null }));
    expect(open()).toHaveLength(0);
  });

  it('tries at once when the browser is online again', async () => {
    const { page, transport, wire } = setUp();
    render(page({ owner: 'Olga' }));
    await settle();
    await act(async () => wire().cut());
    act(() => {
      window.dispatchEvent(new Event('online'));
    });
    await settle();
    expect(transport.connections).toHaveLength(2);
  });

  it('polls when and as often as it is told', async () => {
    const { page, wire, accept, journal, text } = setUp();
    render(page({ owner: 'Olga', pollAfterMs: 1_000, pollEveryMs: 4_000 }));
    await accept();
    const { fetches } = journal;
    act(() => wire().send('status', { live: false }));
    await act(() => vi.advanceTimersByTimeAsync(999));
    expect(text()).toContain('offline');
    await act(() => vi.advanceTimersByTimeAsync(1));
    expect(text()).toContain('polling');
    // The first one at any time of the interval, here in the middle.
    for (const [index, delayMs] of [2_000, 4_000, 4_000].entries()) {
      await act(() => vi.advanceTimersByTimeAsync(delayMs - 1));
      expect(journal.fetches).toBe(fetches + index);
      await act(() => vi.advanceTimersByTimeAsync(1));
      expect(journal.fetches).toBe(fetches + index + 1);
    }
  });

  it('renders on a server without connecting', () => {
    const { page, transport } = setUp();
    expect(renderToString(page({ owner: 'Olga' }))).toContain('connecting');
    expect(transport.connections).toHaveLength(0);
  });
});

describe('another user', () => {
  it('never sees anything of the former one, not even for one render', async () => {
    const { page, journal, accept, text, queryClient, wire } = setUp();
    const { shown } = journal;
    const { rerender } = render(page({ owner: 'Olga', userId: 1 }));
    await settle();
    await accept();
    const olgasWire = wire();
    shown.length = 0;
    rerender(page({ owner: 'Ivan', userId: 2 }));
    expect(olgasWire.isClosed).toBe(true);
    expect(queryClient.getQueryData(['dashboard'])).toBeUndefined();
    await settle();
    expect(text()).toBe('Ivan 3 connecting');
    expect(shown.filter((line) => line.startsWith('Ivan') && line.includes('Olga'))).toEqual([]);
    expect(await wire().auth).toEqual({ token: 'token of Ivan', protocol: 1, positions: {} });
  });

  it('does not get what the former one was still loading', async () => {
    const { page, queryClient, accept } = setUp();
    const { rerender } = render(page({ owner: 'Olga', userId: 1 }));
    await accept();
    let answer = (_text: string) => {};
    const loading = queryClient
      .fetchQuery({ queryKey: ['slow'], queryFn: () => new Promise<string>((resolve) => (answer = resolve)) })
      .catch(() => 'cancelled');
    rerender(page({ owner: 'Ivan', userId: 2 }));
    answer('of Olga');
    await settle();
    expect(await loading).toBe('cancelled');
    expect(queryClient.getQueryData(['slow'])).toBeUndefined();
  });

  it('finds an empty cache after a log-out as well', async () => {
    const { page, journal, accept } = setUp();
    const { shown } = journal;
    const { rerender } = render(page({ owner: 'Olga', userId: 1 }));
    await accept();
    rerender(page({ owner: 'nobody', userId: null }));
    rerender(page({ owner: 'Ivan', userId: 2 }));
    await settle();
    expect(shown.filter((line) => !line.startsWith('Olga') && line.includes('Olga'))).toEqual([]);
  });

  it('finds nothing of the former one though there was no provider in between', async () => {
    const { page, journal, accept, queryClient, open, transport } = setUp();
    const { shown } = journal;
    const liveFetch = createLiveFetch(async () => new Response('', { headers: { [POSITION_HEADER]: 'parent:1=e:1' } }));
    const { rerender } = render(page({ owner: 'Olga', userId: 1 }));
    await accept();
    await queryClient.fetchQuery({
      queryKey: ['b'],
      queryFn: async (context) => (await liveFetch('/b', { ...context, client: queryClient })).text(),
    });
    rerender(<p>log in</p>);
    await settle();
    expect(open()).toHaveLength(0);
    const connectedBefore = transport.connections.length;
    rerender(page({ owner: 'Ivan', userId: 2 }));
    await settle();
    expect(shown.filter((line) => line.startsWith('Ivan') && line.includes('Olga'))).toEqual([]);
    expect(queryClient.getQueryData(['b'])).toBeUndefined();
    expect(transport.connections.slice(connectedBefore)).toHaveLength(1);
    expect(await transport.connections.at(-1)?.auth).toMatchObject({ token: 'token of Ivan', positions: {} });
  });

  it('is nobody when the application no longer says who, as with `session?.id` after a log-out', async () => {
    const { page, open, transport, accept, queryClient } = setUp();
    const { rerender } = render(page({ owner: 'Olga', userId: 1 }));
    await accept();
    queryClient.setQueryData(['b'], 'of Olga');
    rerender(page({ owner: 'nobody', userId: undefined }));
    await settle();
    expect(queryClient.getQueryData(['b'])).toBeUndefined();
    expect(open()).toHaveLength(0);
    expect(transport.connections).toHaveLength(1);
    rerender(page({ owner: 'Ivan', userId: 2 }));
    await settle();
    expect(open()).toHaveLength(1);
  });

  it('is not taken for another one when the provider comes back', async () => {
    const { page, journal, accept } = setUp();
    const { rerender } = render(page({ owner: 'Olga', userId: 1 }));
    await settle();
    rerender(<p>settings</p>);
    rerender(page({ owner: 'Olga', userId: 1 }));
    await settle();
    expect(journal.fetches).toBe(1);
    await accept();
  });

  it('keeps what was loaded before anybody logged in, and what is on the page mounted', async () => {
    const { page, journal } = setUp();
    const { rerender } = render(page({ owner: 'Olga', userId: null }));
    await settle();
    rerender(page({ owner: 'Olga', userId: 1 }));
    await settle();
    expect(journal.fetches).toBe(1);
  });
});

describe('hooks', () => {
  it('of the status work with a client of one’s own', async () => {
    const { transport, queryClient } = setUp();
    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    );
    const { result } = renderHook(
      () => useLiveStatus(useLiveInvalidation({ getToken: () => 'token', transport })).state,
      { wrapper },
    );
    expect(result.current).toBe('connecting');
    await settle();
    await act(async () => transport.connections[0]?.cut());
    expect(result.current).toBe('offline');
  });

  it('say what is missing when there is no provider', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(() => renderHook(() => useLiveStatus())).toThrow(LiveProviderMissingError);
    vi.restoreAllMocks();
  });

  it('join a room while mounted, and leave it', async () => {
    const { transport, queryClient, wire, accept } = setUp();
    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={queryClient}>
        <LiveQueryProvider getToken={() => 'token'} transport={transport}>
          {children}
        </LiveQueryProvider>
      </QueryClientProvider>
    );
    const { rerender, unmount } = renderHook(({ room }) => useLiveRoom(room), {
      wrapper,
      initialProps: { room: 'class:1' as `class:${number}` | undefined },
    });
    await accept();
    rerender({ room: 'class:2' });
    rerender({ room: undefined });
    const asked = wire().requests.map(({ event, payload }) => [event, payload]);
    expect(asked).toEqual([
      ['subscribe', { room: 'class:1' }],
      ['unsubscribe', { room: 'class:1' }],
      ['subscribe', { room: 'class:2' }],
      ['unsubscribe', { room: 'class:2' }],
    ]);
    unmount();
    expect(wire).toThrow('0 connections');
  });
});
