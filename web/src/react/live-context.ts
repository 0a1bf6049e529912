import { createContext, useContext } from 'react';
import type { LiveClient } from '../client/live-client.js';

/** The live client of the surrounding provider. */
export const LiveContext = createContext<LiveClient | undefined>(undefined);

/** A hook was used where there is no `LiveQueryProvider` above it and without a client of its own. */
export class LiveProviderMissingError extends Error {
  readonly code = 'live_provider_missing';

  constructor(hook: string) {
    super(`${hook} found no live client: render <LiveQueryProvider> above it or pass the client`);
    this.name = 'LiveProviderMissingError';
  }
}

/** The given client, or the one of the provider; throws {@link LiveProviderMissingError} when there is neither. */
export function useLiveClient(hook: string, client: LiveClient | undefined): LiveClient {
  const provided = useContext(LiveContext);
  const found = client ?? provided;
  if (!found) throw new LiveProviderMissingError(hook);
  return found;
}
