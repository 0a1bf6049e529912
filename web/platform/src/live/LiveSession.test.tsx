import type { LoginResponse } from '@querycast/platform-protocol';
import { type LiveTransport, type TransportHandlers, useLiveStatus } from '@querycast/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiRequestError, ApiUnreachableError } from '../api/errors.js';
import { createAccess, type EndReason } from '../session/access.js';
import { LiveSession } from './LiveSession.js';

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  page = document.createElement('div');
  root = createRoot(page);
});

afterEach(() => {
  act(() => root.unmount());
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function grant(token: string, userId = 1): LoginResponse {
  const user = { id: userId, name: 'Olga Petrova', role: 'parent' } as const;
  return { token, expiresAt: new Date(9e12).toISOString(), user };
}

function Status() {
  const { state, code } = useLiveStatus();
  return `${state} ${code ?? ''}`.trim();
}

const pass = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms));

/** A page of Olga's whose gateway is the test and whose renewals are answered by `renewals`, one after the other. */
async function setUp(renewals: (LoginResponse | Error)[]) {
  const connections: TransportHandlers[] = [];
  const tokens: string[] = [];
  const requests: unknown[] = [];
  const ends: EndReason[] = [];
  const transport: LiveTransport = {
    connect(handlers) {
      connections.push(handlers);
      handlers.auth().then(
        ({ token }) => tokens.push(token),
        () => tokens.push('none'),
      );
      const request = async (...request: unknown[]) => {
        requests.push(request);
        return { ok: true };
      };
      return { request, close: () => undefined };
    },
  };
  const access = createAccess({
    granted: grant('first'),
    requestGrant: async () => {
      const next = renewals.shift() ?? new Error('no renewal was expected');
      if (next instanceof Error) throw next;
      return next;
    },
    send: () => Promise.reject(new Error('no request was expected')),
    onEnd: (reason) => ends.push(reason),
  });
  act(() =>
    root.render(
      <QueryClientProvider client={new QueryClient()}>
        <LiveSession userId={1} access={access} transport={transport}>
          <Status />
        </LiveSession>
      </QueryClientProvider>,
    ),
  );
  await pass();

  const last = () => {
    const connection = connections.at(-1);
    if (!connection) throw new Error('nothing has connected');
    return connection;
  };
  const refuse = async (code: string) => {
    act(() => last().onProblem({ code, message: 'refused' }));
    await pass();
  };
  const accept = async () => {
    act(() => {
      last().onOpen();
      last().onMessage('ready', {
        protocol: 1,
        session: 's',
        node: 'n',
        live: true,
        heartbeatMs: 1,
        rooms: [{ room: 'parent:1', position: 'e:1', status: 'fresh', keys: [] }],
      });
    });
    await pass();
  };
  const evict = async (code: string) => {
    act(() => last().onMessage('evicted', { code }));
    await pass();
  };
  const expire = async () => {
    act(() => last().onMessage('expiring', { inMs: 60_000 }));
    await pass();
  };
  const adopt = async (token: string) => {
    act(() => access.adopt(grant(token)));
    await pass();
  };
  return { connections, tokens, requests, ends, refuse, accept, evict, expire, adopt };
}

const over = () => new ApiRequestError(401, 'unauthorized', 'no session');

for (const code of ['token_invalid', 'forbidden']) {
  test(`a page that was away while its session ended learns of it by the refusal ${code}`, async () => {
    const { refuse, ends } = await setUp([over()]);
    await refuse(code);
    expect(ends).toEqual(['expired']);
  });
}

test('a page that was away while somebody else logged in is over as well', async () => {
  const { refuse, ends } = await setUp([grant('of-ivan', 2)]);
  await refuse('token_invalid');
  expect(ends).toEqual(['replaced']);
});

test('a refused page whose login is good after all connects again, with the new token', async () => {
  const { refuse, accept, tokens, ends } = await setUp([grant('second')]);
  await refuse('token_invalid');
  expect(tokens).toEqual(['first', 'second']);
  await accept();
  expect(page.textContent).toBe('live');
  expect(ends).toEqual([]);
});

test('refused with the new token too, the page is refused for a minute, and then tries again', async () => {
  const { refuse, connections, tokens } = await setUp([grant('second'), grant('third'), grant('fourth')]);
  await refuse('token_invalid');
  for (const token of ['third', 'fourth']) {
    const before = connections.length;
    await refuse('token_invalid');
    await pass(59_999);
    expect(page.textContent).toBe('refused token_invalid');
    expect(connections).toHaveLength(before);
    await pass(1);
    expect(connections).toHaveLength(before + 1);
    expect(tokens.at(-1)).toBe(token);
  }
});

test('a page that was evicted twice in a minute is live again after another one', async () => {
  const { accept, evict, connections } = await setUp([grant('second'), grant('third')]);
  await accept();
  await evict('forbidden');
  await accept();
  await evict('forbidden');
  await pass(59_999);
  expect(connections).toHaveLength(2);
  expect(page.textContent).toBe('refused forbidden');
  await pass(1);
  expect(connections).toHaveLength(3);
  await accept();
  expect(page.textContent).toBe('live');
});

test('a page whose login is followed by another one while it waits connects with that at once, and once', async () => {
  const { refuse, accept, adopt, tokens } = await setUp([grant('second'), grant('third')]);
  await refuse('token_invalid');
  await refuse('token_invalid');
  await adopt('fourth');
  await accept();
  await pass(10 * 60_000);
  expect(tokens).toEqual(['first', 'second', 'fourth']);
  expect(page.textContent).toBe('live');
});

test('after a connection that lasted, a refusal is another one', async () => {
  const { accept, evict, refuse, connections } = await setUp([grant('second'), grant('third')]);
  await refuse('token_invalid');
  await accept();
  await pass(60_000);
  await evict('forbidden');
  expect(connections).toHaveLength(3);
});

test('while nobody answers, a refused page goes on asking whether its session is over', async () => {
  const { refuse, ends } = await setUp([new ApiUnreachableError(new TypeError('no network')), over()]);
  await refuse('token_invalid');
  expect(ends).toEqual([]);
  await pass(10_000);
  expect(ends).toEqual(['expired']);
});

test('a refusal that has nothing to do with the login asks for no token', async () => {
  const { refuse, connections, ends } = await setUp([]);
  await refuse('protocol_unsupported');
  await pass(60_000);
  expect(connections).toHaveLength(1);
  expect(ends).toEqual([]);
});

test('a page whose token is about to expire gives its connection a newer one, and stays live', async () => {
  const { accept, expire, requests, connections } = await setUp([grant('second')]);
  await accept();
  await expire();
  expect(requests).toEqual([['renew', { token: 'second' }]]);
  expect(connections).toHaveLength(1);
  expect(page.textContent).toBe('live');
});

test('a page whose login was followed by another one of the same person is live with that, however often', async () => {
  const { accept, adopt, evict, tokens, ends } = await setUp([]);
  await accept();
  for (const token of ['second', 'third', 'fourth']) {
    await adopt(token);
    expect(tokens.at(-1)).toBe(token);
    await accept();
    expect(page.textContent).toBe('live');
  }
  expect(tokens).toEqual(['first', 'second', 'third', 'fourth']);
  expect(ends).toEqual([]);
  await evict('forbidden');
  expect(page.textContent).toBe('refused forbidden');
});

test('a page that is evicted before it knows of its next login is live with that', async () => {
  const { accept, evict, adopt, tokens } = await setUp([new ApiUnreachableError(new TypeError('not yet'))]);
  await accept();
  await evict('logged_out');
  expect(page.textContent).toBe('refused logged_out');
  await adopt('second');
  await accept();
  expect(page.textContent).toBe('live');
  await pass(10 * 60_000);
  expect(tokens).toEqual(['first', 'second']);
});
