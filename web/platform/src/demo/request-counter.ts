import type { SendRequest } from '../api/request.js';
import { type Counter, createCounter } from './counter.js';

/** Counts the requests that really leave a pane. */
export interface RequestCounter extends Pick<Counter, 'count' | 'subscribe'> {
  readonly send: SendRequest;
}

/** A `send` that counts. */
export function countRequests(send: SendRequest): RequestCounter {
  const counter = createCounter();
  return {
    send(input, init) {
      counter.add();
      return send(input, init);
    },
    count: counter.count,
    subscribe: counter.subscribe,
  };
}
