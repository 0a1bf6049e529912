/** How a value was obtained: by computing it, or from a computation that had begun already. */
export interface Flown<T> {
  readonly value: T;
  readonly joined: boolean;
}

/** Computations under way, one per name. */
export interface Flights {
  /**
   * Computes, or joins the computation of that name, which stands for one type. Whoever joined waits at most twice
   * `waitMs` and then computes for itself. Rejects as the computation does; all who joined it get the same error.
   */
  fly<T>(name: string, flight: Flight<T>): Promise<Flown<T>>;
}

/** A computation and what follows it. */
export interface Flight<T> {
  compute(): Promise<T>;
  /** Stores the value. Nobody waits for it, but the value can be joined until it is done. Never rejects. */
  land(value: T): Promise<void>;
}

/** Enough to ride out one stuck computation without every waiting caller starting its own at the same moment. */
const JOIN_ATTEMPTS = 2;

const OVERDUE: unique symbol = Symbol('overdue');

/** Creates an empty set of flights. `waitMs` is the longest wait for one computation of another caller. */
export function createFlights({ waitMs }: { readonly waitMs: number }): Flights {
  const flights = new Map<string, Promise<unknown>>();

  function leave(name: string, computed: Promise<unknown>): void {
    if (flights.get(name) === computed) flights.delete(name);
  }

  async function lead<T>(name: string, { compute, land }: Flight<T>): Promise<Flown<T>> {
    const computed = compute();
    flights.set(name, computed);
    try {
      const value = await computed;
      void land(value).finally(() => leave(name, computed));
      return { value, joined: false };
    } catch (error) {
      leave(name, computed);
      throw error;
    }
  }

  return {
    async fly<T>(name: string, flight: Flight<T>) {
      for (let attempt = 0; attempt < JOIN_ATTEMPTS; attempt += 1) {
        // The name stands for the type, as the key of a cache entry does.
        const computed = flights.get(name) as Promise<T> | undefined;
        if (!computed) return lead(name, flight);
        const value = await orOverdue(computed, waitMs);
        if (value !== OVERDUE) return { value, joined: true };
        leave(name, computed);
      }
      return { value: await flight.compute(), joined: false };
    },
  };
}

async function orOverdue<T>(computed: Promise<T>, waitMs: number): Promise<T | typeof OVERDUE> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const overdue = new Promise<typeof OVERDUE>((resolve) => {
    timer = setTimeout(() => resolve(OVERDUE), waitMs);
  });
  try {
    return await Promise.race([computed, overdue]);
  } finally {
    clearTimeout(timer);
  }
}
