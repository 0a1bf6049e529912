import { afterEach, expect, test, vi } from 'vitest';
import { createPageSessionStore } from './page-session.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A page over plain http, which has no Web Locks; its requests wait for the test to answer them. */
function openInsecurePage() {
  const requests: { readonly path: string; readonly answer: (response: Response) => void }[] = [];
  vi.stubGlobal('navigator', {});
  vi.stubGlobal(
    'fetch',
    (path: string) => new Promise<Response>((resolve) => void requests.push({ path, answer: resolve })),
  );
  const store = createPageSessionStore();
  const paths = () => requests.map(({ path }) => path);
  const asked = async (path: string) => {
    await vi.waitFor(() => expect(paths().at(-1)).toBe(path));
    return requests.at(-1)?.answer ?? expect.unreachable();
  };
  return { store, paths, asked };
}

function granted(token: string): Response {
  const user = { id: 1, name: 'Olga Petrova', role: 'parent' };
  return Response.json({ token, expiresAt: new Date(9e12).toISOString(), user });
}

const over = () => Response.json({ error: { code: 'session_over', message: 'Log in again.' } }, { status: 401 });

/** The page of Olga's, who has sent the form with a new password: the API may have ended her session by now. */
async function changing() {
  const page = openInsecurePage();
  const resumed = page.store.resume();
  (await page.asked('/api/auth/refresh'))(granted('first'));
  await resumed;
  const state = page.store.state();
  if (state.status !== 'active') throw new Error('nobody is logged in');
  const changed = page.store.changePassword({ currentPassword: 'demo', newPassword: 'eight or more' });
  const answer = await page.asked('/api/auth/password');
  return { ...page, access: state.session.access, changed, answer };
}

test('without Web Locks, a page that is evicted while it changes the password renews after the change, with its cookie', async () => {
  const { store, paths, asked, access, changed, answer } = await changing();
  const renewed = access.renew();
  await new Promise((resolve) => setImmediate(resolve));
  expect(paths()).toEqual(['/api/auth/refresh', '/api/auth/password']);
  answer(granted('second'));
  await changed;
  (await asked('/api/auth/refresh'))(granted('third'));
  expect(await renewed).toBe('third');
  expect(store.state().status).toBe('active');
});

test('without Web Locks, a change that fails holds up no renewal', async () => {
  const { asked, access, changed, answer } = await changing();
  const renewed = access.renew();
  answer(Response.json({ error: { code: 'bad_request', message: 'Wrong.' } }, { status: 400 }));
  await expect(changed).rejects.toMatchObject({ status: 400 });
  (await asked('/api/auth/refresh'))(over());
  await expect(renewed).rejects.toMatchObject({ reason: 'expired' });
});
