import { POSITION_HEADER, parsePositionHeader } from '@querycast/protocol';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { headerNotesOf } from './header-notes.js';

/** `fetch` options plus, optionally, the context of the query that the response answers. */
export interface LiveFetchInit extends RequestInit {
  readonly queryKey?: QueryKey;
  readonly client?: QueryClient;
}

/** A `fetch` that also takes a `queryFn` context. */
export type LiveFetch = (input: RequestInfo | URL, init?: LiveFetchInit) => Promise<Response>;

/**
 * A `fetch` that ties the position in a response to the query it answers, so that a response that already holds a change
 * is not fetched again for it. Give it the context of the `queryFn`; without one it is a plain `fetch`. Before TanStack
 * Query 5.66 the context does not name the client: `{ ...context, client: queryClient }`.
 *
 * @example
 * ```ts
 * const liveFetch = createLiveFetch(fetch);
 * useQuery({ queryKey: ['orders'], queryFn: async (context) => (await liveFetch('/api/orders', context)).json() });
 * ```
 */
export function createLiveFetch(fetch: typeof globalThis.fetch): LiveFetch {
  return async (input, init = {}) => {
    const { queryKey, client, ...requestInit } = init;
    const query = client && queryKey && client.getQueryCache().find({ queryKey, exact: true });
    // What was aborted goes on for a query that may be gone: the one found by its key is another.
    if (!client || !query || requestInit.signal?.aborted) return fetch(input, requestInit);
    const notes = headerNotesOf(client);
    // Taken before the request leaves: an answer that comes late must find the note of its own fetch.
    const note = notes.noteOf(query, requestInit.signal ?? undefined);
    const response = await fetch(input, requestInit);
    // What a refusal carries never becomes the query's data. And a query that was removed may be of a former user.
    if (response.ok && client.getQueryCache().get(query.queryHash) === query) {
      const header = response.headers.get(POSITION_HEADER);
      notes.answered(note, header === null ? undefined : parsePositionHeader(header));
    }
    return response;
  };
}
