import { createLiveFetch } from '@querycast/react';
import type { QueryClient } from '@tanstack/react-query';
import { createLiveQueryClient } from '../api/create-query-client.js';
import { createPlatformApi, type PlatformApi } from '../api/platform-api.js';
import type { Access } from './access.js';
import { createSessionStore, type SessionStore } from './session-store.js';

/** The query cache and the API of one login. */
export interface PageResources {
  readonly queryClient: QueryClient;
  readonly api: PlatformApi;
  close(): void;
}

/** The query cache and the API of one login; both are of no use after `close`. */
export function openPageResources(access: Access): PageResources {
  const queryClient = createLiveQueryClient();
  return {
    queryClient,
    api: createPlatformApi(createLiveFetch(access.send)),
    close: () => queryClient.clear(),
  };
}

/** The session of this page, resumed from the refresh cookie. */
export function createPageSessionStore(): SessionStore<PageResources> {
  return createSessionStore({
    send: (input, init) => fetch(input, init),
    open: (_user, access) => openPageResources(access),
    exclusively: inTurnAcrossTabs,
  });
}

/** The task of this page that was given last; it may be over. */
let last: Promise<unknown> = Promise.resolve();

/** Tabs share one refresh cookie that changes with every use: two refreshes at once would spend it twice. */
async function inTurnAcrossTabs<T>(task: () => Promise<T>): Promise<T> {
  if ('locks' in navigator) return navigator.locks.request('querycast-refresh', task);
  // Web Locks exist in secure contexts only; without them the tabs take their chance, and only this page waits for itself.
  const mine = last.then(task, task);
  last = mine;
  return mine;
}
