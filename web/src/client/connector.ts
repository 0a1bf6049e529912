import { isRetryable } from '@querycast/protocol';
import { backoffMs } from './backoff.js';
import type { Pace } from './persist.js';
import { within } from './timers.js';
import type { ConnectAuth, ConnectProblem, LiveTransport, TransportConnection } from './transport.js';

/** Whom a connector serves. */
export interface ConnectorHandlers {
  /** Evaluated for every attempt; `expired` after a refusal for an expired token, `isCurrent` until it is over. */
  readonly auth: (expired: boolean, isCurrent: () => boolean) => Promise<ConnectAuth>;
  readonly onOpen: () => void;
  readonly onMessage: (event: string, payload: unknown) => void;
  /**
   * No connection. `lost`: another attempt follows by itself. `refused`: for good, and so is `ended`, together with the
   * session itself.
   */
  readonly onDown: (event: 'lost' | 'refused' | 'ended', problem: ConnectProblem) => void;
}

/** Keeps one connection, or an attempt to make one, going. */
export interface Connector {
  /** Begins, when there is neither a connection nor an attempt. */
  open(): void;
  /** Sends a request over the open connection; rejects when there is none. */
  request: TransportConnection['request'];
  /** The gateway is ready: the next failure counts as the first. */
  proven(): void;
  /** Replaces the connection by a new one after `delayMs`. */
  replace(delayMs: number): void;
  /**
   * The page may have been away: tries as soon as the gateway allows when waiting for the next attempt, and replaces a
   * connection on which the gateway does not answer in time.
   */
  hurry(): void;
  close(): void;
}

/** The application had no token to offer. */
export const TOKEN_UNAVAILABLE = 'token_unavailable';

/** How long the gateway may take to show that the connection lives, in milliseconds. */
const PROBE_WITHIN_MS = 1_500;

/** A room that nobody is in: the gateway can answer that it was left without asking its broker. */
const PROBE = { room: 'querycast:probe' };

/** Connects and reconnects by the class of what went wrong, until closed or refused. */
export function createConnector(
  { timers, random }: Pace,
  transport: LiveTransport,
  { auth, onOpen, onMessage, onDown }: ConnectorHandlers,
): Connector {
  let connection: TransportConnection | undefined;
  /** The connection, if it can be probed and is not being so. */
  let idle: TransportConnection | undefined;
  let cancelWait: (() => void) | undefined;
  let notBeforeMs = 0;
  let failures = 0;
  let lastCode: string | undefined;

  function connect(): void {
    cancelWait = undefined;
    const expired = lastCode === 'token_expired';
    // What a former connection still has to say must not reach the present one.
    const isCurrent = () => connection === opened;
    const ifCurrent = (act: () => void) => {
      if (isCurrent()) act();
    };
    const end = (problem: ConnectProblem) =>
      ifCurrent(() => {
        connection = undefined;
        fail(problem);
      });
    const opened = transport.connect({
      auth: () => {
        const given = auth(expired, isCurrent);
        given.catch(() => {
          opened.close();
          end({ code: TOKEN_UNAVAILABLE, message: 'getToken failed' });
        });
        return given;
      },
      onOpen: () => ifCurrent(onOpen),
      onMessage: (event, payload) => ifCurrent(() => onMessage(event, payload)),
      onProblem: end,
      onClose: (message) => end({ message }),
    });
    connection = opened;
  }

  function fail(problem: ConnectProblem): void {
    const { code, retryAfterMs = 0 } = problem;
    if (code && code !== TOKEN_UNAVAILABLE && !isRetryable(code)) {
      onDown(code === 'token_invalid' ? 'ended' : 'refused', problem);
      return;
    }
    // A token that ran out while disconnected is no failure of the gateway: the first new one is tried at once.
    const atOnce = code === 'token_expired' && lastCode !== code;
    lastCode = code;
    notBeforeMs = timers.nowMs() + retryAfterMs;
    wait(connect, retryAfterMs + (atOnce ? 0 : backoffMs(failures, random())));
    failures += 1;
    onDown('lost', problem);
  }

  function wait(act: () => void, delayMs: number): void {
    cancelWait?.();
    cancelWait = timers.after(delayMs, act);
  }

  function drop(): void {
    cancelWait?.();
    cancelWait = undefined;
    connection?.close();
    connection = undefined;
  }

  function replace(): void {
    drop();
    const isWaiting = () => {};
    cancelWait = isWaiting;
    onDown('lost', { message: 'replaced' });
    // Unless whoever heard of it has closed the client.
    if (cancelWait === isWaiting) connect();
  }

  function hasten(): void {
    if (!connection && cancelWait) wait(connect, notBeforeMs - timers.nowMs());
  }

  function forgetFailures(): void {
    failures = 0;
    lastCode = undefined;
  }

  return {
    open: connect,
    request: (event, payload) => connection?.request(event, payload) ?? Promise.reject(new Error('no connection')),
    proven: () => {
      forgetFailures();
      idle = connection;
    },
    replace: (delayMs) => wait(replace, delayMs),
    hurry: () => {
      const probed = connection;
      hasten();
      if (!probed || probed !== idle) return;
      idle = undefined;
      within(timers, PROBE_WITHIN_MS, probed.request('unsubscribe', PROBE)).then(
        // Only a connection that lasts can answer: it still is the present one.
        () => {
          idle = probed;
        },
        // Lost in the meantime, perhaps by the transport's own doing, it is not waited for either.
        () => (connection === probed ? replace() : hasten()),
      );
    },
    close: () => {
      drop();
      forgetFailures();
    },
  };
}
