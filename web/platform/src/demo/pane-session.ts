import type { CurrentUser } from '@querycast/platform-protocol';
import { createLiveFetch } from '@querycast/react';
import type { QueryClient } from '@tanstack/react-query';
import { DEMO_PASSWORD, requestLogin } from '../api/auth-api.js';
import { createLiveQueryClient } from '../api/create-query-client.js';
import { createPlatformApi, type PlatformApi } from '../api/platform-api.js';
import type { SendRequest } from '../api/request.js';
import { type Access, createAccess } from '../session/access.js';
import { createHandWrittenQueryClient } from './hand-written.js';
import { countRequests, type RequestCounter } from './request-counter.js';

/** Who or what keeps a pane's queries fresh. */
export type PaneKeeper = 'querycast' | 'hand-written';

/** A person logged in inside one pane: everything in memory, no cookie sent or kept. */
export interface PaneSession {
  readonly user: CurrentUser;
  readonly access: Access;
  readonly api: PlatformApi;
  readonly queryClient: QueryClient;
  /** Requests for data, without the login. */
  readonly requests: RequestCounter;
  close(): void;
}

/** Sends what concerns no pane, and is counted by none. */
export const sendWithoutCookies: SendRequest = (input, init) => fetch(input, { ...init, credentials: 'omit' });

/** Logs in for one pane. Rejects as `requestLogin` does. */
export async function openPaneSession(email: string, keeper: PaneKeeper): Promise<PaneSession> {
  const requestGrant = () => requestLogin(sendWithoutCookies, email, DEMO_PASSWORD);
  const granted = await requestGrant();
  const requests = countRequests(sendWithoutCookies);
  const access = createAccess({ granted, requestGrant, send: requests.send, onEnd: () => undefined });
  const queryClient = keeper === 'querycast' ? createLiveQueryClient() : createHandWrittenQueryClient();
  return {
    user: granted.user,
    access,
    api: createPlatformApi(keeper === 'querycast' ? createLiveFetch(access.send) : access.send),
    queryClient,
    requests,
    close() {
      access.close();
      queryClient.clear();
    },
  };
}
