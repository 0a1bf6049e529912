import { MantineProvider } from '@mantine/core';
import { type EditProfile, type Profile, platformKeys } from '@querycast/platform-protocol';
import { notifyManager, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRouter, RouterContextProvider } from '@tanstack/react-router';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiContext } from '../api/api-context.js';
import { createPlatformApi, type PlatformApi } from '../api/platform-api.js';
import { SessionStoreContext } from '../session/session-context.js';
import { ProfilePage } from './ProfilePage.js';

const OLGA: Profile = {
  id: 2,
  role: 'parent',
  email: 'parent@demo.test',
  firstName: 'Olga',
  lastName: 'Petrova',
  name: 'Olga Petrova',
};
const RENAMED: Profile = { ...OLGA, firstName: 'Olya', name: 'Olya Petrova' };

let root: Root;
let client: QueryClient;
let names: string[];

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  names = [];
  // Else what a query has got is told in a turn of its own, which `act` need not wait for.
  notifyManager.setScheduler(queueMicrotask);
  root = createRoot(document.body.appendChild(document.createElement('div')));
});

afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

/** Shows the page; the profile is answered with what `profile` says by then. */
async function show(profile: () => Promise<Profile>, editProfile?: PlatformApi['editProfile']): Promise<void> {
  const refused = createPlatformApi(() => Promise.reject(new Error('no request was expected')));
  const api = { ...refused, profile, ...(editProfile && { editProfile }) };
  const pages = createRouter({ routeTree: createRootRoute() });
  const store = { rename: ({ name }: Profile) => names.push(name) };
  await act(async () =>
    root.render(
      <MantineProvider env="test">
        <SessionStoreContext.Provider value={store as never}>
          <QueryClientProvider client={client}>
            <ApiContext.Provider value={api}>
              <RouterContextProvider router={pages as never}>
                <ProfilePage />
              </RouterContextProvider>
            </ApiContext.Provider>
          </QueryClientProvider>
        </SessionStoreContext.Provider>
      </MantineProvider>,
    ),
  );
}

test('when somebody else gives the person another name, the session is told', async () => {
  let answer = OLGA;
  await show(async () => answer);
  expect(names.at(-1)).toBe('Olga Petrova');
  answer = RENAMED;
  await act(() => client.invalidateQueries());
  expect(names.at(-1)).toBe('Olya Petrova');
});

test('a name that is being fetched again is not told: a newer one may be known', async () => {
  client.setQueryData(platformKeys.profile(), OLGA);
  await show(() => new Promise(() => undefined));
  expect(names).toEqual([]);
});

/** A backend in memory, whose profile others change as well. */
function createBackend() {
  const backend = {
    now: OLGA,
    sent: [] as EditProfile[],
    profile: async () => backend.now,
    async editProfile(fields: EditProfile) {
      backend.sent.push(fields);
      backend.change(fields);
      return backend.now;
    },
    change(fields: EditProfile) {
      backend.now = { ...backend.now, ...fields };
    },
  };
  return backend;
}

function field(name: 'given-name' | 'family-name'): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>(`input[autocomplete="${name}"]`);
  if (!found) throw new Error(`there is no field “${name}”`);
  return found;
}

const typeFirstName = (text: string) =>
  act(async () => {
    const input = field('given-name');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });

async function save(): Promise<void> {
  const before = client.getQueryState(platformKeys.profile())?.dataUpdateCount ?? 0;
  await act(async () => {
    document.querySelector<HTMLButtonElement>('button[type="submit"]')?.click();
    await vi.waitFor(() =>
      expect(client.getQueryState(platformKeys.profile())?.dataUpdateCount).toBeGreaterThan(before),
    );
  });
}

test('the form follows the profile again once it was saved, and sends only what was changed in it', async () => {
  const backend = createBackend();
  await show(backend.profile, backend.editProfile);
  await typeFirstName(' Olya');
  await save();
  expect(backend.sent).toEqual([{ firstName: 'Olya' }]);
  expect(field('given-name').value).toBe('Olya');

  // An administrator does this.
  backend.change({ lastName: 'Sokolova' });
  await act(() => client.invalidateQueries());
  expect(field('family-name').value).toBe('Sokolova');

  await typeFirstName('Olechka');
  backend.change({ lastName: 'Orlova' });
  await save();
  expect(backend.sent.at(-1)).toEqual({ firstName: 'Olechka' });
  expect(field('given-name').value).toBe('Olechka');
  expect(field('family-name').value).toBe('Orlova');
});

test('what is typed while the name is being saved stays, and is still to be saved', async () => {
  const backend = createBackend();
  await show(backend.profile, async (fields) => {
    await typeFirstName('Olya-Maria');
    return backend.editProfile(fields);
  });
  await typeFirstName('Olya');
  await save();
  await act(() => client.invalidateQueries());
  expect(backend.now.firstName).toBe('Olya');
  expect(field('given-name').value).toBe('Olya-Maria');
});

test('who leaves the page with half a name is asked first', async () => {
  const backend = createBackend();
  const isHeld = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  await show(backend.profile, backend.editProfile);
  expect(isHeld()).toBe(false);
  await typeFirstName('Ol');
  expect(isHeld()).toBe(true);
  await save();
  expect(isHeld()).toBe(false);
});
