import { MantineProvider } from '@mantine/core';
import { type Profile, platformKeys } from '@querycast/platform-protocol';
import { notifyManager, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiContext } from '../api/api-context.js';
import { createPlatformApi } from '../api/platform-api.js';
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
  root = createRoot(document.body.appendChild(document.createElement('div')));
});

afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

/** Shows the page; the profile is answered with what `profile` says by then. */
async function show(profile: () => Promise<Profile>): Promise<void> {
  const api = { ...createPlatformApi(() => Promise.reject(new Error('no request was expected'))), profile };
  const store = { rename: ({ name }: Profile) => names.push(name) };
  await act(async () =>
    root.render(
      <MantineProvider env="test">
        <SessionStoreContext.Provider value={store as never}>
          <QueryClientProvider client={client}>
            <ApiContext.Provider value={api}>
              <ProfilePage />
            </ApiContext.Provider>
          </QueryClientProvider>
        </SessionStoreContext.Provider>
      </MantineProvider>,
    ),
  );
}

test('when somebody else gives the person another name, the session is told', async () => {
  notifyManager.setScheduler(queueMicrotask);
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
