import { type CacheTimer, OVERDUE, within } from './timer.js';

/** An answer as JSON, and when it is where others find it without the flight. */
export interface Landing {
  readonly json: Buffer;
  /** Never rejects. */
  readonly landed: Promise<void>;
}

/** How a value was obtained: by this caller's own flight, or from one that had begun already. */
export interface Flown<L> {
  readonly landing: L;
  readonly joined: boolean;
}

/** Computations of this process under way, one per name. */
export interface Flights {
  /**
   * Begins a flight, or joins the one of that name, which stands for one type. Whoever joined waits at most `waitMs`;
   * then the flight can be joined no more, and this resolves to `OVERDUE`. Rejects as the flight does; all who joined
   * it get the same error.
   */
  fly<L extends Landing>(name: string, waitMs: number, begin: () => Promise<L>): Promise<Flown<L> | typeof OVERDUE>;
}

/** Creates an empty set of flights. A flight can be joined until it has landed or failed. */
export function createFlights(timer: CacheTimer): Flights {
  const flights = new Map<string, Promise<Landing>>();

  function leave(name: string, flight: Promise<unknown>): void {
    if (flights.get(name) === flight) flights.delete(name);
  }

  async function depart(name: string, flight: Promise<Landing>): Promise<void> {
    flights.set(name, flight);
    try {
      const { landed } = await flight;
      await landed;
    } catch {
      // Everyone in the flight gets this error from the flight itself.
    } finally {
      leave(name, flight);
    }
  }

  return {
    async fly<L extends Landing>(name: string, waitMs: number, begin: () => Promise<L>) {
      // The name stands for the type, as the key of a cache entry does.
      const underWay = flights.get(name) as Promise<L> | undefined;
      if (!underWay) {
        const flight = begin();
        void depart(name, flight);
        return { landing: await flight, joined: false };
      }
      const landing = await within(timer, waitMs, underWay);
      if (landing !== OVERDUE) return { landing, joined: true };
      leave(name, underWay);
      return OVERDUE;
    },
  };
}
