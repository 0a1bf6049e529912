import type { LimitName } from './limit-reports.js';
import { type GatewayLimits, LIMIT_WINDOW_MS } from './limits.js';
import { createRate } from './rate.js';
import type { Timers } from './timers.js';

/** What Engine.IO's connections tell of what they receive, before anything is done with it. */
export interface Inlet {
  on(event: 'packet', listen: (packet: { readonly type: string; readonly data?: unknown }) => void): unknown;
}

/** The WebSocket below. Its library answers each ping by itself, and tells nobody else of it. */
export interface ControlInlet {
  on(event: 'ping' | 'pong', listen: () => void): unknown;
}

/** The transport below: what was written to it and not yet taken by the system, in bytes. */
export interface Outflow {
  readonly writableLength: number;
}

/** How many times its limit a socket may send before it is cut. */
const PATIENCE = 2;

/** More answers to pings than this that the system has not taken, and the connection is cut: nobody reads them. */
const MAX_UNREAD_PONGS = 1_024;

/** A frame of RFC 6455 with as much as a control frame may hold, from a server. */
const LARGEST_PONG_BYTES = 127;

/**
 * More bytes than this that the system has not taken, and the connection is cut when it sends something, whatever they are: a
 * largest frame of each room that a session may be in comes to half of it. One that sends nothing ends with its heartbeat.
 */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

/** Types of Socket.IO's packets, as its messages begin. */
const CONNECT = '0';
const BINARY = /^[56]/;

/** Where {@link watchFrames} looks. */
export interface Watched {
  readonly inlet: Inlet;
  readonly controlInlet: ControlInlet;
  readonly outflow: Outflow;
}

/**
 * Watches what comes over a connection, also before its handshake and outside of our namespace, where Socket.IO answers or
 * drops as much as is sent. `refuse` is called once, for what must end the connection: too many packets, pings and pongs of
 * the WebSocket included, more of them than their sender reads the answers of, a second CONNECT, of which Socket.IO lets a
 * client pipeline any number before it answers the first one, and anything binary, which nothing of ours is and which
 * Socket.IO would keep until its last attachment came.
 */
export function watchFrames(
  { inlet, controlInlet, outflow }: Watched,
  { limits, timers, refuse }: { limits: GatewayLimits; timers: Timers; refuse(limit: LimitName): void },
): void {
  const mayCome = createRate({ limit: PATIENCE * limits.messagesPerSocket, perMs: LIMIT_WINDOW_MS }, timers);
  let hasConnected = false;
  let unreadPongs = 0;
  let isOver = false;

  // What arrived together with the frame that was too much is still told of.
  function end(limit: LimitName): void {
    if (isOver) return;
    isOver = true;
    refuse(limit);
  }

  function count(): boolean {
    if (!mayCome()) end('messagesPerSocket');
    else if (outflow.writableLength > MAX_UNREAD_BYTES) end('unread');
    return !isOver;
  }

  controlInlet.on('ping', () => {
    // The answer to this one may wait as well: with TLS it does for a moment.
    unreadPongs = outflow.writableLength <= LARGEST_PONG_BYTES ? 0 : unreadPongs + 1;
    if (count() && unreadPongs > MAX_UNREAD_PONGS) end('unread');
  });
  controlInlet.on('pong', count);
  inlet.on('packet', ({ type, data }) => {
    if (!count() || type !== 'message') return;
    if (typeof data !== 'string' || BINARY.test(data)) {
      end('frameKind');
    } else if (data.startsWith(CONNECT)) {
      if (hasConnected) end('frameKind');
      hasConnected = true;
    }
  });
}
