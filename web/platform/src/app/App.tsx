import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import type { PageResources } from '../session/page-session.js';
import { SessionStoreContext } from '../session/session-context.js';
import type { SessionStore } from '../session/session-store.js';
import { router } from './router.js';
import { cssVariables, theme } from './theme.js';

/** All pages, for whoever `store` says is logged in. */
export function App({ store }: { store: SessionStore<PageResources> }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <SessionStoreContext.Provider value={store}>
        <RouterProvider router={router} />
      </SessionStoreContext.Provider>
    </MantineProvider>
  );
}
