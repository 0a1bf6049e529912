import type { LoginResponse } from '@querycast/platform-protocol';
import { expect, test, vi } from 'vitest';
import { createSessionStore, type SessionResources, type SessionStoreOptions } from './session-store.js';

const OLGA = { id: 1, name: 'Olga Petrova', role: 'parent' } as const;
const IVAN = { id: 2, name: 'Ivan Sokolov', role: 'parent' } as const;

function granted(user: LoginResponse['user'], token = `token-${user.id}`, expiresAt = 9e12): Response {
  return Response.json({ token, expiresAt: new Date(expiresAt).toISOString(), user });
}

const refused = () => Response.json({ error: { code: 'unauthorized', message: 'Log in.' } }, { status: 401 });

interface Request {
  path: string;
  authorization: string | null;
  answer: (response: Response) => void;
  fail: () => void;
}

/** A store whose requests wait for the test to answer them. */
function setUp(options: Pick<SessionStoreOptions<SessionResources>, 'exclusively'> = {}) {
  const requests: Request[] = [];
  const opened: { userId: number; closed: boolean }[] = [];
  const store = createSessionStore<SessionResources>({
    ...options,
    send: (path, init) =>
      new Promise((resolve, reject) => {
        const authorization = new Headers(init?.headers).get('authorization');
        requests.push({
          path: String(path),
          authorization,
          answer: resolve,
          fail: () => reject(new TypeError('no network')),
        });
      }),
    open: (user) => {
      const entry = { userId: user.id, closed: false };
      opened.push(entry);
      return {
        close: () => {
          entry.closed = true;
        },
      };
    },
  });
  async function answered(task: Promise<void>, response: Response): Promise<void> {
    requests.at(-1)?.answer(response);
    await task;
  }
  return { store, requests, opened, answered };
}

test('a page that loads with a valid refresh cookie resumes the session', async () => {
  const { store, answered } = setUp();
  expect(store.state().status).toBe('resuming');
  await answered(store.resume(), granted(OLGA));
  expect(store.state()).toMatchObject({ status: 'active', session: { user: OLGA } });
});

test('however many pages want to know, the session is resumed once', async () => {
  const { store, requests } = setUp();
  store.resumeOnce();
  store.resumeOnce();
  expect(requests).toHaveLength(1);
  requests[0]?.answer(granted(OLGA));
  await expect.poll(() => store.state().status).toBe('active');
});

test('a page that loads without a session asks for a login', async () => {
  const { store, answered } = setUp();
  await answered(store.resume(), refused());
  expect(store.state()).toEqual({ status: 'anonymous' });
});

test('a page that loads without a refresh cookie asks for a login, without an error', async () => {
  const { store, opened, answered } = setUp();
  await answered(store.resume(), new Response(null, { status: 204 }));
  expect(store.state()).toEqual({ status: 'anonymous' });
  expect(opened).toEqual([]);
});

test('a session whose refresh cookie is gone is over', async () => {
  const { store, requests, answered } = setUp();
  await answered(store.resume(), granted(OLGA));
  const state = store.state();
  if (state.status !== 'active') throw new Error('expected an active session');
  const renewed = state.session.access.renew();
  requests.at(-1)?.answer(new Response(null, { status: 204 }));
  await expect(renewed).rejects.toMatchObject({ reason: 'expired' });
  expect(store.state()).toEqual({ status: 'anonymous', reason: 'expired' });
});

test('a page that loads while the server is away can be tried again instead of asking for a login', async () => {
  const { store, requests, answered } = setUp();
  const resumed = store.resume();
  requests[0]?.fail();
  await resumed;
  expect(store.state()).toEqual({ status: 'unreachable' });
  await answered(store.resume(), granted(OLGA));
  expect(store.state().status).toBe('active');
});

test('logging in as another person closes all of the first before anybody can look', async () => {
  const { store, opened, answered } = setUp();
  await answered(store.resume(), granted(OLGA));
  const seen: unknown[] = [];
  store.subscribe(() => {
    const state = store.state();
    seen.push([state.status === 'active' && state.session.user.id, opened[0]?.closed]);
  });
  await answered(store.login('parent2@demo.test', 'demo'), granted(IVAN));
  expect(seen).toEqual([[IVAN.id, true]]);
});

test('two logins of the same person are two sessions', async () => {
  const { store, answered } = setUp();
  const ids = new Set<string>();
  store.subscribe(() => {
    const state = store.state();
    if (state.status === 'active') ids.add(state.session.id);
  });
  await answered(store.login('parent@demo.test', 'demo'), granted(OLGA));
  await answered(store.login('parent@demo.test', 'demo'), granted(OLGA));
  expect(ids.size).toBe(2);
});

test('a resume that answers after a login is nobody’s any more', async () => {
  const { store, requests, opened } = setUp();
  const resumed = store.resume();
  const loggedIn = store.login('parent2@demo.test', 'demo');
  requests[1]?.answer(granted(IVAN));
  await loggedIn;
  requests[0]?.answer(granted(OLGA));
  await resumed;
  expect(store.state()).toMatchObject({ session: { user: IVAN } });
  expect(opened.map((entry) => entry.userId)).toEqual([IVAN.id]);
});

test('a refused login changes nothing', async () => {
  const { store, answered } = setUp();
  await answered(store.resume(), refused());
  await expect(answered(store.login('parent@demo.test', 'no'), refused())).rejects.toMatchObject({ status: 401 });
  expect(store.state()).toEqual({ status: 'anonymous' });
});

test('logging out forgets the person at once and then tells the API', async () => {
  const { store, requests, opened, answered } = setUp();
  await answered(store.resume(), granted(OLGA));
  const loggedOut = store.logout();
  expect(store.state()).toEqual({ status: 'anonymous' });
  expect(opened[0]?.closed).toBe(true);
  // By token: the cookie may meanwhile be that of somebody else, who logged in in another tab.
  expect(requests.at(-1)).toMatchObject({ path: '/api/auth/logout', authorization: 'Bearer token-1' });
  await answered(loggedOut, new Response(null, { status: 204 }));
  expect(store.state()).toEqual({ status: 'anonymous' });
});

test('a log-out that the API did not confirm says so', async () => {
  const { store, requests, answered } = setUp();
  await answered(store.resume(), granted(OLGA));
  const loggedOut = store.logout();
  requests.at(-1)?.fail();
  await loggedOut;
  expect(store.state()).toEqual({ status: 'anonymous', reason: 'logout_unconfirmed' });
  const again = store.logout();
  expect(requests.at(-1)?.authorization).toBe('Bearer token-1');
  await answered(again, new Response(null, { status: 204 }));
  expect(store.state()).toEqual({ status: 'anonymous' });
});

test('a refresh that answers as another person ends the session with its reason', async () => {
  const { store, requests, opened, answered } = setUp();
  await answered(store.resume(), granted(OLGA));
  const state = store.state();
  if (state.status !== 'active') throw new Error('expected an active session');
  const renewed = state.session.access.renew();
  requests.at(-1)?.answer(granted(IVAN));
  await expect(renewed).rejects.toMatchObject({ reason: 'replaced' });
  expect(store.state()).toEqual({ status: 'anonymous', reason: 'replaced' });
  expect(opened[0]?.closed).toBe(true);
});

test('another name is seen at once, and nothing else of the session begins anew', async () => {
  const { store, requests, opened, answered } = setUp();
  await answered(store.resume(), granted(OLGA));
  const before = store.state();
  if (before.status !== 'active') throw new Error('expected an active session');
  const seen: unknown[] = [];
  store.subscribe(() => seen.push(store.state()));
  store.rename({ id: OLGA.id, name: 'Olga Ivanova' });
  const user = { ...OLGA, name: 'Olga Ivanova' };
  expect(seen).toEqual([{ status: 'active', session: { ...before.session, user } }]);
  expect(opened).toEqual([{ userId: OLGA.id, closed: false }]);
  const renewed = before.session.access.renew();
  requests.at(-1)?.answer(granted(OLGA));
  await expect(renewed).resolves.toBe('token-1');
});

test('a new name that is answered after somebody else has logged in is not shown as theirs', async () => {
  const { store, answered } = setUp();
  store.rename({ id: OLGA.id, name: 'Olga Ivanova' });
  expect(store.state()).toEqual({ status: 'resuming' });
  await answered(store.login('parent2@demo.test', 'demo'), granted(IVAN));
  store.rename({ id: OLGA.id, name: 'Olga Ivanova' });
  expect(store.state()).toMatchObject({ session: { user: IVAN } });
});

test('a session that ends after its person was renamed is closed as any other', async () => {
  const { store, opened, answered } = setUp();
  await answered(store.resume(), granted(OLGA));
  store.rename({ id: OLGA.id, name: 'Olga Ivanova' });
  await answered(store.logout(), new Response(null, { status: 204 }));
  expect(opened).toEqual([{ userId: OLGA.id, closed: true }]);
});

test('the page waits for whose session ended by itself, and for nobody in particular otherwise', async () => {
  const { store, answered } = setUp();
  expect(store.awaited()).toBe('anybody');
  await answered(store.login('parent@demo.test', 'demo'), granted(OLGA));
  const state = store.state();
  if (state.status !== 'active') throw new Error('nobody is logged in');
  const renewal = state.session.access.renew();
  await expect(
    answered(
      renewal.then(() => undefined),
      refused(),
    ),
  ).rejects.toThrow();
  expect(store.awaited()).toBe(OLGA.id);

  await answered(store.login('parent@demo.test', 'demo'), granted(OLGA));
  await answered(store.logout(), new Response(null, { status: 204 }));
  expect(store.awaited()).toBe('nobody');
});

test('the name that a person has already changes nothing', async () => {
  const { store, answered } = setUp();
  await answered(store.login('parent@demo.test', 'demo'), granted(OLGA));
  const before = store.state();
  store.rename({ id: OLGA.id, name: OLGA.name });
  expect(store.state()).toBe(before);
});

const PASSWORDS = { currentPassword: 'demo', newPassword: 'eight or more' };

/** Whose turn it is to talk of the browser's cookie: one task after the other, as tabs do. */
function inTurn() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const mine = last.then(task);
    last = mine.catch(() => undefined);
    return mine;
  };
}

test('whoever changes the password goes on with the new session, and nothing of the page begins anew', async () => {
  const { store, requests, opened, answered } = setUp();
  await answered(store.resume(), granted(OLGA));
  const before = store.state();
  if (before.status !== 'active') throw new Error('expected an active session');
  const adopted = vi.fn();
  before.session.access.onAdopted(adopted);
  const changed = store.changePassword(PASSWORDS);
  await vi.waitFor(() =>
    expect(requests.at(-1)).toMatchObject({ path: '/api/auth/password', authorization: 'Bearer token-1' }),
  );
  await answered(changed, granted(OLGA, 'token-2'));
  expect(store.state()).toBe(before);
  expect(opened).toEqual([{ userId: OLGA.id, closed: false }]);
  expect(await before.session.access.token()).toBe('token-2');
  expect(adopted).toHaveBeenCalledTimes(1);
});

test('no refresh of the browser is sent while the password changes, and the change waits for one that was', async () => {
  const { store, requests, answered } = setUp({ exclusively: inTurn() });
  const resumed = store.resume();
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  await answered(resumed, granted(OLGA, 'almost over', Date.now() + 1_000));
  const state = store.state();
  if (state.status !== 'active') throw new Error('expected an active session');
  const changed = store.changePassword(PASSWORDS);
  await vi.waitFor(() => expect(requests.at(-1)?.path).toBe('/api/auth/refresh'));
  expect(requests).toHaveLength(2);
  requests.at(-1)?.answer(granted(OLGA, 'good'));
  await vi.waitFor(() => expect(requests.at(-1)?.path).toBe('/api/auth/password'));
  // The gateway evicts the connection before the change is answered.
  const renewed = state.session.access.renew();
  await answered(changed, granted(OLGA, 'of the new session'));
  await vi.waitFor(() => expect(requests.at(-1)?.path).toBe('/api/auth/refresh'));
  expect(requests.map(({ path }) => path.split('/').at(-1))).toEqual(['refresh', 'refresh', 'password', 'refresh']);
  requests.at(-1)?.answer(granted(OLGA, 'newest'));
  expect(await renewed).toBe('newest');
});

test('a wrong current password changes nothing', async () => {
  const { store, requests, answered } = setUp();
  await answered(store.resume(), granted(OLGA));
  const before = store.state();
  const changed = store.changePassword(PASSWORDS);
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  const fields = { currentPassword: 'is wrong' };
  const wrong = Response.json({ error: { code: 'bad_request', message: 'Check.', fields } }, { status: 400 });
  await expect(answered(changed, wrong)).rejects.toMatchObject({ status: 400, fields });
  expect(store.state()).toBe(before);
});

test('whoever was logged out before they changed the password is logged out', async () => {
  const { store, requests, answered } = setUp();
  await answered(store.resume(), granted(OLGA));
  const changed = store.changePassword(PASSWORDS);
  const ended = expect(changed).rejects.toMatchObject({ code: 'session_ended' });
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  requests.at(-1)?.answer(refused());
  await vi.waitFor(() => expect(requests.at(-1)?.path).toBe('/api/auth/refresh'));
  requests.at(-1)?.answer(refused());
  await ended;
  expect(store.state()).toMatchObject({ status: 'anonymous', reason: 'expired' });
  await expect(store.changePassword(PASSWORDS)).rejects.toMatchObject({ code: 'session_ended' });
});
