import { useSyncExternalStore } from 'react';
import type { LiveClient } from '../client/live-client.js';
import type { LiveStatus } from '../client/status.js';
import { useLiveClient } from './live-context.js';

/**
 * The status of the live connection; renders again when it changes. Takes the client of the surrounding
 * `LiveQueryProvider` unless one is given; throws `LiveProviderMissingError` without either.
 *
 * @example
 * ```tsx
 * const { state, code } = useLiveStatus();
 * return <Badge>{state === 'refused' ? `refused: ${code}` : state}</Badge>;
 * ```
 */
export function useLiveStatus(client?: LiveClient): LiveStatus {
  const found = useLiveClient('useLiveStatus', client);
  return useSyncExternalStore(found.onStatus, found.status, found.status);
}
