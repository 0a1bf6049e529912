import { networkOf } from './client-network.js';
import { ConnectionRefusedError } from './gatekeeper.js';
import type { ReportLimit } from './limit-reports.js';
import { type GatewayLimits, LIMIT_WINDOW_MS } from './limits.js';
import { createRates } from './rate.js';
import type { Timers } from './timers.js';

/** Before a client that met too many connections looks again, in milliseconds; its own jitter comes on top. */
const RETRY_TOO_MANY_MS = 10_000;

/** One connection, from the request for it to the end of its transport. */
export interface Visit {
  /** Why it may not come in, found out before its token is looked at. */
  readonly refusal: ConnectionRefusedError | undefined;
  /** Its token is good: answers why it may not come in all the same, if so. */
  admitted(user: string): ConnectionRefusedError | undefined;
  /** Nothing more will be said over it. */
  over(): void;
  /** Its transport is closed, and takes no more memory. */
  gone(): void;
}

/** What arrivals need. */
export interface ArrivalsOptions {
  readonly limits: GatewayLimits;
  readonly timers: Timers;
  readonly report: ReportLimit;
  /** From 0 to 1; default `Math.random`. */
  readonly random?: () => number;
}

/** Counts who comes and who is here, by network and by user. */
export interface Arrivals {
  /**
   * A connection is asked for; `cut` is called when it does not authenticate in time. `undefined`: it is not worth an answer.
   */
  arrive(address: string, cut: () => void): Visit | undefined;
  /** How much is remembered, in networks and users. */
  size(): { readonly networks: number; readonly rates: number; readonly users: number };
}

/** Creates the counts of a node. All that is kept of a network or user goes with its last connection. */
export function createArrivals(options: ArrivalsOptions): Arrivals {
  const { limits, timers, report, random = Math.random } = options;
  const rate = { limit: limits.handshakesPerAddress, perMs: LIMIT_WINDOW_MS };
  const handshakes = createRates(rate, timers);
  /** Those over the limit that are told so, which costs a handshake without a token: as many again. */
  const told = createRates(rate, timers);
  const open = createTally();
  const pending = createTally();
  const users = createTally();

  /** Why this one may not come in, or that it is not even told: that is cheaper than a WebSocket. */
  function decide(network: string): ConnectionRefusedError | 'unheard' | undefined {
    if (pending.of(network) >= limits.pendingPerAddress) {
      report('pendingPerAddress');
      return 'unheard';
    }
    if (!handshakes.take(network)) {
      report('handshakesPerAddress');
      return told.take(network) ? tooOften(random()) : 'unheard';
    }
    if (open.of(network) < limits.connectionsPerAddress) return undefined;
    report('connectionsPerAddress');
    return tooMany('too many connections are open from your address');
  }

  function createVisit(network: string, refusal: ConnectionRefusedError | undefined, cut: () => void): Visit {
    let state: 'pending' | 'admitted' | 'over' | 'gone' = 'pending';
    let user: string | undefined;
    open.add(network);
    pending.add(network);
    const cancel = timers.after(limits.handshakeTimeoutMs, () => {
      report('handshakeTimeoutMs');
      cut();
    });
    const over = () => {
      if (state === 'over' || state === 'gone') return;
      state = 'over';
      cancel();
      if (user !== undefined) users.remove(user);
    };
    return {
      refusal,
      admitted(name) {
        // Whoever left while the token was checked.
        if (state !== 'pending') return undefined;
        if (users.of(name) >= limits.connectionsPerUser) {
          report('connectionsPerUser', { user: name });
          return tooMany('you have too many connections');
        }
        state = 'admitted';
        cancel();
        pending.remove(network);
        user = name;
        users.add(name);
        return undefined;
      },
      over,
      gone() {
        if (state === 'gone') return;
        over();
        state = 'gone';
        open.remove(network);
        if (user === undefined) pending.remove(network);
      },
    };
  }

  return {
    arrive(address, cut) {
      const network = networkOf(address);
      const decision = decide(network);
      return decision === 'unheard' ? undefined : createVisit(network, decision, cut);
    },
    size: () => ({ networks: open.size(), rates: handshakes.size() + told.size(), users: users.size() }),
  };
}

/** At moments of their own: whoever is told together would come back together. */
function tooOften(random: number): ConnectionRefusedError {
  const message = 'too many connections were opened from your address: try again later';
  const retryAfterMs = Math.ceil((0.1 + 0.9 * random) * LIMIT_WINDOW_MS);
  return new ConnectionRefusedError('rate_limited', message, { retryAfterMs });
}

function tooMany(message: string): ConnectionRefusedError {
  return new ConnectionRefusedError('too_many_connections', message, { retryAfterMs: RETRY_TOO_MANY_MS });
}

/** Counts by key; a key without count is not kept. */
function createTally() {
  const counts = new Map<string, number>();
  const of = (key: string) => counts.get(key) ?? 0;
  return {
    of,
    add: (key: string) => void counts.set(key, of(key) + 1),
    remove(key: string) {
      if (of(key) > 1) counts.set(key, of(key) - 1);
      else counts.delete(key);
    },
    size: () => counts.size,
  };
}
