import type { Random } from '../chance/random.js';
import type { Process, VirtualTime } from '../chance/virtual-time.js';

/** The state of a network path, changed by faults; pipes look at it at each message. */
export interface Weather {
  /** Everything vanishes without a word; what is under way arrives when it clears, if the connection still stands. */
  isHoled: boolean;
  /** New connections are refused, as when a cable is pulled. */
  isCut: boolean;
  /** A dying connection: messages are lost, doubled and change places. It never gets well, it has to be cut. */
  isLossy: boolean;
  /** Longest time that a message takes, in milliseconds. */
  slowMs: number;
  /** Called when a hole closes. */
  readonly cleared: Set<() => void>;
}

/** Weather in which everything arrives. */
export function fairWeather(): Weather {
  return { isHoled: false, isCut: false, isLossy: false, slowMs: 4, cleared: new Set() };
}

/** Ends a hole: what was held is delivered. */
export function clear(weather: Weather): void {
  weather.isHoled = false;
  for (const flush of [...weather.cleared]) flush();
}

/** One direction of one connection. Messages arrive in order, or not at all, unless the weather is lossy. */
export interface Pipe {
  /** Runs `deliver` at the other end when the message arrives there; an exact one is never lost on its own. */
  send(deliver: () => void, options?: { readonly isExact: boolean }): void;
  close(): void;
}

/** Creates a pipe to a process. */
export function createPipe(options: {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly weather: Weather;
  readonly to: Process;
}): Pipe {
  const { time, random, weather, to } = options;
  let lastAt = 0;
  let isClosed = false;
  let held: (() => void)[] = [];

  function arrive(deliver: () => void): void {
    if (isClosed) return;
    if (weather.isHoled) held.push(deliver);
    else deliver();
  }

  function flush(): void {
    for (const deliver of held) time.after(0, () => arrive(deliver), to);
    held = [];
  }

  function post(deliver: () => void, isLossy: boolean): void {
    const at = time.now() + random.between(0.1, weather.slowMs);
    const arrivesAt = isLossy ? at : Math.max(at, lastAt);
    lastAt = Math.max(lastAt, arrivesAt);
    time.after(arrivesAt - time.now(), () => arrive(deliver), to);
  }

  weather.cleared.add(flush);
  return {
    send(deliver, { isExact } = { isExact: false }) {
      if (isClosed) return;
      const isLossy = weather.isLossy && !isExact;
      if (isLossy && random.chance(0.4)) return;
      post(deliver, isLossy);
      if (isLossy && random.chance(0.2)) post(deliver, isLossy);
    },
    close() {
      isClosed = true;
      weather.cleared.delete(flush);
    },
  };
}
