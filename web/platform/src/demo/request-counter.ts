import type { SendRequest } from '../api/request.js';

/** Counts the requests that really leave a pane. */
export interface RequestCounter {
  readonly send: SendRequest;
  count(): number;
  /** Calls back after each request sent; answers the unsubscribe. */
  subscribe(listener: () => void): () => void;
}

/** A `send` that counts. */
export function countRequests(send: SendRequest): RequestCounter {
  const listeners = new Set<() => void>();
  let count = 0;
  return {
    send(input, init) {
      count += 1;
      for (const listener of listeners) listener();
      return send(input, init);
    },
    count: () => count,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
