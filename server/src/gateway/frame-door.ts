import type { LimitName } from './limit-reports.js';
import { type GatewayLimits, LIMIT_WINDOW_MS } from './limits.js';
import { createRate } from './rate.js';
import type { Timers } from './timers.js';

/** What Engine.IO's connections tell of what they receive, before anything is done with it. */
export interface Inlet {
  on(event: 'packet', listen: (packet: { readonly type: string; readonly data?: unknown }) => void): unknown;
}

/** How many times its limit a socket may send before it is cut. */
const PATIENCE = 2;

/** Types of Socket.IO's packets, as its messages begin. */
const CONNECT = '0';
const BINARY = /^[56]/;

/**
 * Watches what comes over a connection, also before its handshake and outside of our namespace, where Socket.IO answers or
 * drops as much as is sent. `refuse` is called for what must end the connection: too many packets, a second CONNECT, of which
 * Socket.IO lets a client pipeline any number before it answers the first one, and anything binary, which nothing of ours is
 * and which Socket.IO would keep until its last attachment came.
 */
export function watchFrames(
  inlet: Inlet,
  { limits, timers, refuse }: { limits: GatewayLimits; timers: Timers; refuse(limit: LimitName): void },
): void {
  const mayCome = createRate({ limit: PATIENCE * limits.messagesPerSocket, perMs: LIMIT_WINDOW_MS }, timers);
  let hasConnected = false;
  inlet.on('packet', ({ type, data }) => {
    if (!mayCome()) {
      refuse('messagesPerSocket');
      return;
    }
    if (type !== 'message') return;
    if (typeof data !== 'string' || BINARY.test(data)) {
      refuse('frameKind');
    } else if (data.startsWith(CONNECT)) {
      if (hasConnected) refuse('frameKind');
      hasConnected = true;
    }
  });
}
