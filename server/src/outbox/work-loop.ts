/** What a work loop runs. Whatever rejects has been reported already, and is tried again at the next poll. */
export interface WorkLoopOptions {
  /** Does a piece of work; resolves to whether there was any. */
  readonly workOnce: () => Promise<boolean>;
  /** Done at every poll. */
  readonly tidy: () => Promise<void>;
  readonly pollMs: number;
  readonly listen?: (onWake: () => void) => Promise<() => void | Promise<void>>;
}

/** Works when woken and at every poll, one piece at a time. */
export interface WorkLoop {
  start(): Promise<void>;
  wake(): void;
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Waiter {
  readonly ticket: number;
  readonly resolve: () => void;
}

/** Creates a loop that does nothing until started. */
export function createWorkLoop({ workOnce, tidy, pollMs, listen }: WorkLoopOptions): WorkLoop {
  let started = false;
  let closed = false;
  let requests = 0;
  let working: Promise<void> | undefined;
  let tidying: Promise<void> | undefined;
  let listening: Promise<(() => void | Promise<void>) | undefined> | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let waiters: Waiter[] = [];
  let closing: Promise<void> | undefined;

  function wake(): void {
    requests += 1;
    if (started && !closed) working ??= work();
  }

  async function work(): Promise<void> {
    // A request that comes while work is under way may be about rows that were looked for already: look once more.
    for (let served = -1; served !== requests && !closed; ) {
      served = requests;
      if (await drain()) release(served);
    }
    working = undefined;
  }

  async function drain(): Promise<boolean> {
    try {
      while (!closed && (await workOnce()));
      return !closed;
    } catch {
      // Reported by whoever rejected. Trying again at once would spin: the next poll or wake-up does.
      return false;
    }
  }

  function release(ticket: number): void {
    for (const waiter of waiters) if (waiter.ticket <= ticket) waiter.resolve();
    waiters = waiters.filter((waiter) => waiter.ticket > ticket);
  }

  function poll(): void {
    void connect();
    tidying ??= tidy()
      // Reported by whoever rejected; the next poll tidies again.
      .catch(() => {})
      .finally(() => {
        tidying = undefined;
      });
    wake();
  }

  /** Listens unless it does already; polling alone is slower, not wrong, so a failure waits for the next poll. */
  async function connect(): Promise<void> {
    if (!listen) return;
    listening ??= listen(wake).catch(() => undefined);
    const attempt = listening;
    if ((await attempt) === undefined && listening === attempt) listening = undefined;
  }

  async function close(): Promise<void> {
    closed = true;
    clearInterval(timer);
    const [unlisten] = await Promise.all([listening, working, tidying]);
    await unlisten?.();
    release(Number.POSITIVE_INFINITY);
  }

  return {
    async start() {
      if (started || closed) return;
      started = true;
      timer = setInterval(poll, pollMs);
      // Listening first: what commits before is found by the first look, what commits after is heard.
      await connect();
      if (!closed) poll();
    },
    wake,
    async settled() {
      if (closed) return;
      const ticket = requests + 1;
      const done = new Promise<void>((resolve) => waiters.push({ ticket, resolve }));
      wake();
      await done;
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}
