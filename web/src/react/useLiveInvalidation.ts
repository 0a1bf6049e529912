import type { LiveClient } from '../client/live-client.js';
import { type LiveInvalidationOptions, useLiveConnection } from './useLiveConnection.js';

/**
 * Keeps the surrounding `QueryClient` fresh while the component is mounted; answers the live client. Use
 * `LiveQueryProvider` where people log in and out: a hook cannot keep its children from rendering.
 *
 * @example
 * ```tsx
 * const client = useLiveInvalidation({ getToken: () => session.token });
 * const { state } = useLiveStatus(client);
 * ```
 */
export function useLiveInvalidation(options: LiveInvalidationOptions): LiveClient {
  return useLiveConnection(options).client;
}
