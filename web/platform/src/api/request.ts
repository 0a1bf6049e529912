import type { ApiError } from '@querycast/platform-protocol';
import type { LiveFetchInit } from '@querycast/react';
import { ApiRequestError, ApiUnreachableError } from './errors.js';

/** `fetch`, or a layer above it that adds a token or ties the response to its query. */
export type SendRequest = (input: RequestInfo | URL, init?: LiveFetchInit) => Promise<Response>;

/** What a query hands to the request that answers it: TanStack's `queryFn` context satisfies it. */
export type QueryContext = Required<Pick<LiveFetchInit, 'queryKey' | 'client'>> & { readonly signal: AbortSignal };

/** What `requestJson` sends. */
export interface RequestOptions {
  /** Default `GET`. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
  /** Sent as bearer token, for a `send` that adds none. */
  token?: string;
  /** The query that the answer belongs to. */
  query?: QueryContext;
}

/**
 * Sends one request and reads its JSON answer (`undefined` for 204). Rejects with `ApiRequestError` for an error status
 * and with `ApiUnreachableError` without an answer or after a timeout; an abort rejects as `fetch` does.
 */
export async function requestJson<T>(send: SendRequest, path: string, options: RequestOptions = {}): Promise<T> {
  try {
    const response = await answer(send, path, options);
    if (!response.ok) throw await problemOf(response);
    // The API is held to these types by its own tests: parsing them a second time in the browser would cost its size.
    return (response.status === 204 ? undefined : await response.json()) as T;
  } catch (cause) {
    throw isUnanswered(cause) ? new ApiUnreachableError(cause) : cause;
  }
}

/** Without an answer `fetch` rejects with a TypeError, after a timeout by name; aborts and session errors keep their meaning. */
function isUnanswered(cause: unknown): boolean {
  return cause instanceof TypeError || (cause instanceof DOMException && cause.name === 'TimeoutError');
}

function answer(send: SendRequest, path: string, options: RequestOptions): Promise<Response> {
  const { method = 'GET', body, signal, token, query } = options;
  const headers = new Headers({ accept: 'application/json' });
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('content-type', 'application/json');
  const init: LiveFetchInit = {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
    ...(query ? { queryKey: query.queryKey, client: query.client, signal: query.signal } : {}),
  };
  return send(path, init);
}

async function problemOf(response: Response): Promise<ApiRequestError> {
  // A proxy may answer with a page instead of the API's body: the status alone says enough then.
  const body: Partial<ApiError> | null = await response.json().catch(() => null);
  const error = body?.error;
  if (!error) return new ApiRequestError(response.status, 'unknown', `The server answered ${response.status}.`);
  return new ApiRequestError(response.status, error.code, error.message, error.fields);
}
