import type { ChangePassword, DemoAccount, LoginResponse } from '@querycast/platform-protocol';
import { ApiRequestError } from './errors.js';
import { requestJson, type SendRequest } from './request.js';

/** Every demo account has this password. */
export const DEMO_PASSWORD = 'demo';

const REFRESH_TIMEOUT_MS = 10_000;

/** Logs in; whether a refresh cookie is kept depends on the credentials mode of `send`. */
export function requestLogin(send: SendRequest, email: string, password: string): Promise<LoginResponse> {
  return requestJson(send, '/api/auth/login', { method: 'POST', body: { email, password } });
}

/**
 * Exchanges the refresh cookie for a new access token; `undefined` when there is no cookie. Rejects with status 401 when
 * its session is over, and as unreachable after ten seconds: all tabs of a browser wait for one another's refresh.
 */
export function requestRefresh(send: SendRequest): Promise<LoginResponse | undefined> {
  return requestJson(send, '/api/auth/refresh', {
    method: 'POST',
    signal: AbortSignal.timeout(REFRESH_TIMEOUT_MS),
  });
}

/**
 * Changes the password of whose `token` it is: every session of theirs ends, and a new one begins, whose token and refresh
 * cookie this answers. Rejects with a 400 about `currentPassword` when that is wrong, and as unreachable after ten seconds.
 */
export function requestPasswordChange(send: SendRequest, token: string, body: ChangePassword): Promise<LoginResponse> {
  const signal = AbortSignal.timeout(REFRESH_TIMEOUT_MS);
  return requestJson(send, '/api/auth/password', { method: 'POST', token, body, signal });
}

/**
 * Ends the session of `token` and of its sockets; without one that of the refresh cookie, which may be another one when
 * somebody has logged in in another tab since.
 */
export function requestLogout(send: SendRequest, token: string | undefined): Promise<void> {
  return requestJson(send, '/api/auth/logout', token === undefined ? { method: 'POST' } : { method: 'POST', token });
}

/** The accounts for one-click login; `[]` where there is no demo data. */
export async function requestDemoAccounts(send: SendRequest, signal?: AbortSignal): Promise<DemoAccount[]> {
  try {
    return await requestJson(send, '/api/demo/accounts', signal ? { signal } : {});
  } catch (error) {
    if (error instanceof ApiRequestError && error.status === 404) return [];
    throw error;
  }
}
