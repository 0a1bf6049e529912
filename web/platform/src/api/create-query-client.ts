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
    },
  });
}
