/** Holds something back until the test lets it go. */
export interface Gate {
  /** Resolves once {@link open} was called. */
  readonly opened: Promise<void>;
  open(): void;
  /** Resolves once something waits at the gate. */
  readonly reached: Promise<void>;
  /** Says that something waits, and waits. */
  pass(): Promise<void>;
}

/** Creates a closed gate. */
export function createGate(): Gate {
  let open = () => {};
  let reach = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return {
    opened,
    open: () => open(),
    reached,
    pass() {
      reach();
      return opened;
    },
  };
}
