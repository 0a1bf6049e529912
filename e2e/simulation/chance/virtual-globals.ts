import type { Random } from './random.js';
import type { VirtualTime } from './virtual-time.js';

/** What the globals lead to during a run. */
interface Present {
  readonly time: VirtualTime;
  readonly random: Random;
}

let present: Present | undefined;

function now(): Present {
  if (!present) throw new Error('no run is under way');
  return present;
}

/** From now on the timers, clocks and chance of this thread are those of a run. */
export function setPresent(next: Present | undefined): void {
  present = next;
}

/** Bytes that the product takes for random. */
export function virtualHex(bytes: number): string {
  return now().random.hex(bytes);
}

/** A timer as Node hands it out, as far as the product knows one. */
class VirtualTimer {
  cancel: () => void = () => {};
  unref(): this {
    return this;
  }
  ref(): this {
    return this;
  }
}

function setVirtualTimeout(run: () => void, ms = 0): VirtualTimer {
  const timer = new VirtualTimer();
  timer.cancel = now().time.after(ms, run);
  return timer;
}

function setVirtualInterval(run: () => void, ms = 0): VirtualTimer {
  const timer = new VirtualTimer();
  const { time } = now();
  const owner = time.current();
  const next = () => {
    timer.cancel = time.after(
      ms,
      () => {
        next();
        run();
      },
      owner,
    );
  };
  next();
  return timer;
}

function clear(timer: unknown): void {
  if (timer instanceof VirtualTimer) timer.cancel();
}

/** Lets everything else of this moment happen first. */
export function virtualTurn(): Promise<void> {
  return new Promise((resolve) => void setVirtualTimeout(resolve));
}

/** Replaces what a thread measures time and takes chance by, for good. */
export function installVirtualGlobals(): void {
  Object.assign(globalThis, {
    setTimeout: setVirtualTimeout,
    setInterval: setVirtualInterval,
    clearTimeout: clear,
    clearInterval: clear,
    setImmediate: (run: () => void) => setVirtualTimeout(run),
    clearImmediate: clear,
  });
  Date.now = () => (present ? present.time.wallClock() : 0);
  performance.now = () => (present ? present.time.now() : 0);
  Math.random = () => now().random.next();
}
