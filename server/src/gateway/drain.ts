import type { Timers } from './timers.js';

/** Emptying a node. */
export interface Drain {
  /** Resolves when nobody is left, or the drain was stopped. */
  readonly done: Promise<void>;
  /** Somebody has left. */
  left(): void;
  /** Leaves the remaining connections as they are. */
  stop(): void;
}

/** What a drain needs. */
export interface DrainOptions {
  /** How many are connected. */
  readonly size: () => number;
  /** Those that are connected, in random order. */
  readonly connections: () => readonly { cut(): void }[];
  /** How long clients were given to move by themselves, in milliseconds. */
  readonly withinMs: number;
  readonly timers: Timers;
}

/** How long cutting those who stayed takes, as a part of the time they had to move. */
const CUTTING_PART = 0.5;

/**
 * Waits until all have moved. Whoever stays longer than asked is cut, at even distances, so that the other nodes are not
 * stormed.
 */
export function drainConnections({ size, connections, withinMs, timers }: DrainOptions): Drain {
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const cancels: (() => void)[] = [];
  const stop = () => {
    for (const cancel of cancels) cancel();
    finish();
  };
  const left = () => {
    if (size() === 0) stop();
  };
  const cutAll = () => {
    const stayed = connections();
    const distanceMs = (withinMs * CUTTING_PART) / stayed.length;
    for (const [index, connection] of stayed.entries()) {
      const cut = () => {
        connection.cut();
        if (index + 1 === stayed.length) stop();
      };
      cancels.push(timers.after(distanceMs * (index + 1), cut));
    }
  };
  cancels.push(timers.after(withinMs, cutAll));
  left();
  return { done, left, stop };
}
