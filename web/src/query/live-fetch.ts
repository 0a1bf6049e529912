import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** `fetch` options plus, optionally, the context of the query that the response answers. */
export interface LiveFetchInit extends RequestInit {
  readonly queryKey?: QueryKey;
  readonly client?: QueryClient;
}

/** A `fetch` that also takes a `queryFn` context. */
export type LiveFetch = (input: RequestInfo | URL, init?: LiveFetchInit) => Promise<Response>;

/**
 * A `fetch` that ties the position in a response to the query it answers.
 *
 * @example
 * ```ts
 * const liveFetch = createLiveFetch(fetch);
 * useQuery({ queryKey: ['orders'], queryFn: async (context) => (await liveFetch('/api/orders', context)).json() });
 * ```
 */
export function createLiveFetch(fetch: typeof globalThis.fetch): LiveFetch {
  return (input, init) => fetch(input, init);
}
