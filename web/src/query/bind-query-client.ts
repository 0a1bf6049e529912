import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import type { LiveClient } from '../client/live-client.js';
import type { Timers } from '../client/timers.js';

/** A query whose responses stayed older than a change, however often it was fetched. */
export interface BehindReport {
  readonly queryKey: QueryKey;
  /** Fetches in vain. */
  readonly attempts: number;
}

/** Options of {@link bindQueryClient}. */
export interface BindOptions {
  readonly client: LiveClient;
  readonly queryClient: QueryClient;
  /** Which queries are live; default: all. */
  readonly filter?: (query: Query) => boolean;
  /** Hears of queries that stay behind; they are marked stale but no longer refetched until the next change. */
  readonly onBehind?: (report: BehindReport) => void;
  /** Uniform in [0, 1); default `Math.random`. */
  readonly random?: () => number;
  /** Default: the browser's. */
  readonly timers?: Timers;
}

/** Lets a live client keep a query cache fresh; answers the unbind. */
export function bindQueryClient(_options: BindOptions): () => void {
  throw new Error('not there yet');
}
