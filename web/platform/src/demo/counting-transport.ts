import type { LiveTransport } from '@querycast/react';
import type { Counter } from './counter.js';

/** Messages of the gateway that say what went stale. */
const FRAMES: ReadonlySet<string> = new Set(['invalidate', 'resync']);

/** Counts the frames that arrive over a transport. */
export function countingTransport(counter: Pick<Counter, 'add'>, inner: LiveTransport): LiveTransport {
  return {
    connect: (handlers) =>
      inner.connect({
        ...handlers,
        onMessage(event, payload) {
          if (FRAMES.has(event)) counter.add();
          handlers.onMessage(event, payload);
        },
      }),
  };
}
