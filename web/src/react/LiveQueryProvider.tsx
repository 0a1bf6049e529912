import type { ReactElement, ReactNode } from 'react';
import { LiveContext } from './live-context.js';
import { type LiveInvalidationOptions, useLiveConnection } from './useLiveConnection.js';

/** Properties of {@link LiveQueryProvider}. */
export interface LiveQueryProviderProps extends LiveInvalidationOptions {
  readonly children?: ReactNode;
}

/**
 * Keeps the queries of the surrounding `QueryClientProvider` fresh. When the user changes, its children are unmounted
 * and mounted anew on an empty cache, so that nothing of one person is ever rendered for another.
 *
 * Clearing the cache does not stop the former person's mutations under way: their callbacks (`onSuccess`, `onSettled`)
 * still run, and what they write with `setQueryData` lands in the new person's cache. Let them check who is logged in.
 *
 * @example
 * ```tsx
 * <QueryClientProvider client={queryClient}>
 *   <LiveQueryProvider getToken={() => session.token} userId={session.userId}>
 *     <App />
 *   </LiveQueryProvider>
 * </QueryClientProvider>
 * ```
 */
export function LiveQueryProvider({ children, ...options }: LiveQueryProviderProps): ReactElement {
  const { client, isForeign } = useLiveConnection(options);
  return <LiveContext.Provider value={client}>{isForeign ? null : children}</LiveContext.Provider>;
}
