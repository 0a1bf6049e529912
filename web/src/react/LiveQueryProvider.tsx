import type { ReactNode } from 'react';
import { LiveContext } from './live-context.js';
import { type LiveInvalidationOptions, useLiveInvalidation } from './useLiveInvalidation.js';

/** Properties of {@link LiveQueryProvider}. */
export interface LiveQueryProviderProps extends LiveInvalidationOptions {
  readonly children?: ReactNode;
}

/** Keeps the queries of the surrounding `QueryClientProvider` fresh. */
export function LiveQueryProvider({ children, ...options }: LiveQueryProviderProps): ReactNode {
  const client = useLiveInvalidation(options);
  return <LiveContext.Provider value={client}>{children}</LiveContext.Provider>;
}
