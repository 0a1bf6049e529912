import { isRetryable } from '@querycast/protocol';
import { backoffMs } from './backoff.js';
import type { Timers } from './timers.js';
import type { ConnectAuth, ConnectProblem, LiveTransport, TransportConnection } from './transport.js';

/** Options of {@link createConnector}. */
export interface ConnectorOptions {
  readonly transport: LiveTransport;
  readonly timers: Timers;
  readonly random: () => number;
  /** Evaluated for every attempt; `expired` after a refusal for an expired token. */
  readonly auth: (expired: boolean) => Promise<ConnectAuth>;
  readonly onOpen: () => void;
  readonly onMessage: (event: string, payload: unknown) => void;
  /** No connection; another attempt follows by itself. */
  readonly onLost: (problem: ConnectProblem) => void;
  /** Refused for good; no attempt follows. */
  readonly onRefused: (problem: ConnectProblem) => void;
}

/** Keeps one connection, or an attempt to make one, going. */
export interface Connector {
  open(): void;
  /** Sends a request over the open connection; rejects when there is none. */
  request: TransportConnection['request'];
  /** The connection proved useful: the next failure counts as the first. */
  proven(): void;
  /** Replaces the connection by a new one after `delayMs`. */
  replace(delayMs: number): void;
  /** Tries at once when waiting for the next attempt. */
  hurry(): void;
  close(): void;
}

/** Connects and reconnects by the class of what went wrong, until closed or refused. */
export function createConnector(options: ConnectorOptions): Connector {
  const { transport, timers, random } = options;
  let connection: TransportConnection | undefined;
  let cancelWait: (() => void) | undefined;
  let failures = 0;
  let lastCode: string | undefined;

  function connect(): void {
    cancelWait = undefined;
    const expired = lastCode === 'token_expired';
    let over = false;
    // What a former connection still has to say must not reach the present one.
    const ifCurrent = (act: () => void) => {
      if (!over) act();
    };
    const end = (problem: ConnectProblem) => {
      over = true;
      connection = undefined;
      fail(problem);
    };
    const opened = transport.connect({
      auth: () => options.auth(expired),
      onOpen: () => ifCurrent(options.onOpen),
      onMessage: (event, payload) => ifCurrent(() => options.onMessage(event, payload)),
      onProblem: (problem) => ifCurrent(() => end(problem)),
      onClose: (reason) => ifCurrent(() => end({ message: reason })),
    });
    connection = {
      request: (event, payload) => opened.request(event, payload),
      close: () => {
        over = true;
        opened.close();
      },
    };
  }

  function fail(problem: ConnectProblem): void {
    if (problem.code !== undefined && problem.code !== TOKEN_UNAVAILABLE && !isRetryable(problem.code)) {
      options.onRefused(problem);
      return;
    }
    // A token that ran out while disconnected is no failure of the gateway: the first new one is tried at once.
    const atOnce = problem.code === 'token_expired' && lastCode !== 'token_expired';
    lastCode = problem.code;
    const delayMs = (problem.retryAfterMs ?? 0) + (atOnce ? 0 : backoffMs(failures, random()));
    failures += 1;
    wait(delayMs);
    options.onLost(problem);
  }

  function wait(delayMs: number): void {
    cancelWait?.();
    cancelWait = timers.after(delayMs, connect);
  }

  function drop(): void {
    cancelWait?.();
    cancelWait = undefined;
    connection?.close();
    connection = undefined;
  }

  return {
    open: () => {
      if (!connection && !cancelWait) connect();
    },
    request: (event, payload) => {
      return connection ? connection.request(event, payload) : Promise.reject(new Error('no connection'));
    },
    proven: () => {
      failures = 0;
      lastCode = undefined;
    },
    replace: (delayMs) => {
      cancelWait?.();
      cancelWait = timers.after(delayMs, () => {
        drop();
        options.onLost({ message: 'replacing the connection' });
        connect();
      });
    },
    hurry: () => {
      if (!connection && cancelWait) wait(0);
    },
    close: () => {
      drop();
      failures = 0;
      lastCode = undefined;
    },
  };
}

/** The application had no token to offer. */
export const TOKEN_UNAVAILABLE = 'token_unavailable';
