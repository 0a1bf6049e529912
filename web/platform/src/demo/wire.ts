/** A wire that sockets run through and that a person can cut. Requests do not run through it. */
export interface Wire {
  isCut(): boolean;
  /** Ends every connection that runs through it. */
  cut(): void;
  /** Lets connections be made again. */
  restore(): void;
  /** Calls back after each change; answers the unsubscribe. */
  subscribe(listener: () => void): () => void;
}

/** A wire that is whole. */
export function createWire(): Wire {
  const listeners = new Set<() => void>();
  let isCut = false;

  function become(next: boolean): void {
    if (isCut === next) return;
    isCut = next;
    for (const listener of [...listeners]) listener();
  }

  return {
    isCut: () => isCut,
    cut: () => become(true),
    restore: () => become(false),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * Calls back as soon as the wire is whole: now, or when it is restored, just as packets into a cut cable wait for
 * nobody and arrive once it is plugged in again. Answers how to call it off.
 */
export function whenWhole(wire: Wire, callback: () => void): () => void {
  if (!wire.isCut()) {
    callback();
    return () => {};
  }
  const unsubscribe = wire.subscribe(() => {
    unsubscribe();
    callback();
  });
  return unsubscribe;
}

/** Calls back once, when the wire is cut; answers how to call it off. */
export function onceCut(wire: Wire, callback: () => void): () => void {
  const unsubscribe = wire.subscribe(() => {
    if (!wire.isCut()) return;
    unsubscribe();
    callback();
  });
  return unsubscribe;
}
