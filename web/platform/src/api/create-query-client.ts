import { QueryClient } from '@tanstack/react-query';
import { isTransient } from './errors.js';

/**
 * The query cache of one session. Data stays fresh until it is invalidated: the live connection tells what changed, so
 * neither time nor focus needs to ask.
 */
export function createLiveQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: (failures, error) => failures < 2 && isTransient(error),
      },
      // Not kept for later: a write that goes out when nobody expects it any more cannot be taken back.
      mutations: { networkMode: 'always' },
    },
  });
}
