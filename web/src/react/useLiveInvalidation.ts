import type { Query } from '@tanstack/react-query';
import type { LiveClient, LiveClientOptions } from '../client/live-client.js';
import type { BehindReport } from '../query/bind-query-client.js';

/** Options of {@link useLiveInvalidation} and {@link LiveQueryProvider}. */
export interface LiveInvalidationOptions extends LiveClientOptions {
  /** Who is logged in; a change from one person to another (or to nobody) closes the connection, forgets all positions and clears the query cache. */
  readonly userId?: string | number | null | undefined;
  /** Whether to connect; default `true`. */
  readonly enabled?: boolean | undefined;
  /** Which queries are live; default: all. */
  readonly filter?: ((query: Query) => boolean) | undefined;
  /** Hears of queries that stay behind. */
  readonly onBehind?: ((report: BehindReport) => void) | undefined;
}

/** Keeps the surrounding `QueryClient` fresh while the component is mounted; answers the live client. */
export function useLiveInvalidation(_options: LiveInvalidationOptions): LiveClient {
  throw new Error('not there yet');
}
