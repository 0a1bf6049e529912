import type { AdminUser } from '@querycast/platform-protocol';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { createRootRoute, createRouter, RouterContextProvider } from '@tanstack/react-router';
import { act } from 'react';
import { expect, test, vi } from 'vitest';
import { ApiContext } from '../api/api-context.js';
import { createPlatformApi } from '../api/platform-api.js';
import { usersQuery } from '../api/queries.js';
import { WithNotifications } from '../notices/WithNotifications.js';
import { SessionContext, SessionStoreContext } from '../session/session-context.js';
import { render, setPage } from '../testing/page.test.support.js';
import { UserManagement } from './UserManagement.js';

const OLGA: AdminUser = {
  id: 2,
  email: 'parent@demo.test',
  role: 'parent',
  firstName: 'Olga',
  lastName: 'Petrova',
  isActive: true,
};

setPage();

function Page({ api }: { api: ReturnType<typeof createPlatformApi> }) {
  return <UserManagement query={useQuery(usersQuery(api))} filter={{ text: 'olga', role: '' }} />;
}

const button = (name: string) =>
  vi.waitFor(() => {
    const found = document.querySelector<HTMLButtonElement>(`button[aria-label="${name}"]`);
    if (!found) throw new Error(`there is no button “${name}”`);
    return found;
  });

/** Nina's page with these users; `api` is what it can do besides. */
function show(users: () => AdminUser[], does: Partial<ReturnType<typeof createPlatformApi>> = {}): QueryClient {
  const client = new QueryClient();
  const refused = createPlatformApi(() => Promise.reject(new Error('no request was expected')));
  const api = { ...refused, users: async () => users(), ...does };
  const pages = createRouter({ routeTree: createRootRoute() });
  render(
    <SessionContext.Provider value={{ user: { id: 1, name: 'Nina Volkova', role: 'admin' } } as never}>
      <QueryClientProvider client={client}>
        <ApiContext.Provider value={api}>
          <RouterContextProvider router={pages as never}>
            <SessionStoreContext.Provider value={{ rename() {} } as never}>
              <WithNotifications>
                <Page api={api} />
              </WithNotifications>
            </SessionStoreContext.Provider>
          </RouterContextProvider>
        </ApiContext.Provider>
      </QueryClientProvider>
    </SessionContext.Provider>,
  );
  return client;
}

test('when somebody is not found any more once a dialog is closed, the keyboard goes on at the list', async () => {
  let users = [OLGA];
  const client = show(() => users);
  const opener = await button('Rename Olga Petrova');
  opener.focus();
  opener.click();
  const close = await button('Close');
  users = [{ ...OLGA, firstName: 'Maria' }];
  await client.invalidateQueries();
  await vi.waitFor(() => expect(opener.isConnected).toBe(false));
  close.focus();
  close.click();
  await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).toBeNull());
  await vi.waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('Users'));
});

test('of a renamed person the name that was changed is sent alone: the other one may be another by now', async () => {
  const editUser = vi.fn(async () => OLGA);
  show(() => [OLGA], { editUser });
  (await button('Rename Olga Petrova')).click();
  const input = await vi.waitFor(() => {
    const found = document.querySelector<HTMLInputElement>('[role="dialog"] input');
    if (!found) throw new Error('there is no first name');
    return found;
  });
  const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  act(() => {
    write?.call(input, ' Maria ');
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  act(() => input.form?.requestSubmit());
  await vi.waitFor(() => expect(editUser.mock.calls).toEqual([[OLGA.id, { firstName: 'Maria' }]]));
});
