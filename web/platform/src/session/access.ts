import type { LoginResponse } from '@querycast/platform-protocol';
import { ApiRequestError } from '../api/errors.js';
import type { SendRequest } from '../api/request.js';

/** Why a session is over without the person having asked for it. */
export type EndReason = 'expired' | 'replaced';

/** The session is over: its requests are not sent any more. */
export class SessionEndedError extends Error {
  readonly code = 'session_ended';
  readonly reason: EndReason | 'closed';

  constructor(reason: EndReason | 'closed') {
    super('The session is over: log in again.');
    this.name = 'SessionEndedError';
    this.reason = reason;
  }
}

/** The access token of one session, held in memory only. */
export interface Access {
  /** A token that is valid for at least `renewBeforeMs`, renewed first if needed. Rejects as `renew` does. */
  token(): Promise<string>;
  /** A new token; callers at the same time share one request. Rejects with `SessionEndedError`, or when unreachable. */
  renew(): Promise<string>;
  /** The token held last, valid or not: good for naming the session, not for requests. */
  lastToken(): string;
  /** Goes on with another session of the same person: its token is the one held from now on. */
  adopt(granted: LoginResponse): void;
  /** Calls back whenever another session was adopted; answers how to stop that. */
  onAdopted(listener: () => void): () => void;
  /** Sends with the token; after a 401 once more with a new one. */
  send: SendRequest;
  /** Sends nothing and hands out nothing any more. Idempotent. */
  close(): void;
}

/** Options of `createAccess`. */
export interface AccessOptions {
  granted: LoginResponse;
  /** Asks for a new token, by refresh cookie or by logging in again; `undefined` when nobody is logged in any more. */
  requestGrant: () => Promise<LoginResponse | undefined>;
  send: SendRequest;
  /** Called once when the session turns out to be over. */
  onEnd: (reason: EndReason) => void;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /** Renew when less than this is left. Default 60,000. */
  renewBeforeMs?: number;
}

/** Keeps one person's access token fresh and never becomes another person's. */
export function createAccess(options: AccessOptions): Access {
  const { granted, requestGrant, send, onEnd, now = Date.now, renewBeforeMs = 60_000 } = options;
  let current = granted;
  let ended: EndReason | 'closed' | undefined;
  let renewal: Promise<string> | undefined;
  const adopted = new Set<() => void>();

  function end(reason: EndReason): SessionEndedError {
    if (ended === undefined) {
      ended = reason;
      onEnd(reason);
    }
    return new SessionEndedError(ended);
  }

  async function request(): Promise<string> {
    let next: LoginResponse | undefined;
    try {
      next = await requestGrant();
    } catch (error) {
      if (error instanceof ApiRequestError && error.status === 401) throw end('expired');
      throw error;
    }
    if (ended !== undefined) throw new SessionEndedError(ended);
    if (!next) throw end('expired');
    // The cookie belongs to the browser, not to this page: another tab may have logged in as somebody else.
    if (next.user.id !== current.user.id) throw end('replaced');
    current = next;
    return current.token;
  }

  function renew(): Promise<string> {
    if (ended !== undefined) return Promise.reject(new SessionEndedError(ended));
    renewal ??= request().finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  async function token(): Promise<string> {
    if (ended !== undefined) throw new SessionEndedError(ended);
    return Date.parse(current.expiresAt) - now() > renewBeforeMs ? current.token : renew();
  }

  async function authorised(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const used = await token();
    const response = await send(input, withToken(init, used));
    if (response.status !== 401) return response;
    // Another request may have renewed meanwhile: then its token is enough.
    const next = used === current.token ? await renew() : await token();
    return send(input, withToken(init, next));
  }

  return {
    token,
    renew,
    lastToken: () => current.token,
    adopt(next) {
      if (ended !== undefined) return;
      current = next;
      for (const listener of adopted) listener();
    },
    onAdopted(listener) {
      adopted.add(listener);
      return () => adopted.delete(listener);
    },
    send: authorised,
    close() {
      ended ??= 'closed';
    },
  };
}

function withToken(init: RequestInit, token: string): RequestInit {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}
