import type { ReactNode } from 'react';
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
 * @example
 * ```tsx
 * <QueryClientProvider client={queryClient}>
 *   <LiveQueryProvider getToken={() => session.token} userId={session.userId}>
 *     <App />
 *   </LiveQueryProvider>
 * </QueryClientProvider>
 * ```
 */
export function LiveQueryProvider({ children, ...options }: LiveQueryProviderProps): ReactNode {
  const { client, isForeign } = useLiveConnection(options);
  return <LiveContext.Provider value={client}>{isForeign ? null : children}</LiveContext.Provider>;
}
