import type { Timers } from './timers.js';

/** Cutting connections over a while. */
export interface Drain {
  /** Resolves when every connection is cut, or the drain was stopped. */
  readonly done: Promise<void>;
  /** Leaves the remaining connections as they are. */
  stop(): void;
}

/** Cuts connections at even distances over `withinMs`, so that the other nodes are not stormed. */
export function drainConnections(connections: readonly { cut(): void }[], withinMs: number, timers: Timers): Drain {
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let left = connections.length;
  if (left === 0) finish();
  const cancels = connections.map((connection, index) =>
    timers.after((withinMs * index) / connections.length, () => {
      connection.cut();
      left -= 1;
      if (left === 0) finish();
    }),
  );
  return {
    done,
    stop() {
      for (const cancel of cancels) cancel();
      finish();
    },
  };
}
