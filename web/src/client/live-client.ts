import {
  decodeDrain,
  decodeEvicted,
  decodeExpiring,
  decodeInvalidate,
  decodeJoined,
  decodeLeft,
  decodeReady,
  decodeResync,
  decodeStatus,
  type Positions,
  PROTOCOL_VERSION,
  type Room,
} from '@querycast/protocol';
import { createConnector, TOKEN_UNAVAILABLE } from './connector.js';
import { createExtraRooms } from './extra-rooms.js';
import { createListeners } from './listeners.js';
import type { LiveEvent } from './live-event.js';
import { startRenewal } from './renewal.js';
import { type AnsweredRow, createRoomLedger } from './room-ledger.js';
import { socketIoTransport } from './socket-io-transport.js';
import type { LiveStatus } from './status.js';
import { createStatusKeeper } from './status-keeper.js';
import { createSubscriptions } from './subscriptions.js';
import { systemTimers, type Timers, within } from './timers.js';
import type { ConnectAuth, LiveTransport } from './transport.js';
import { watchWaking } from './waking.js';

/** Why a token is asked for. */
export interface TokenRequest {
  /**
   * The gateway refused the previous token as expired, or told that it soon will be: answer with a new one, not with the
   * same again.
   */
  readonly expired: boolean;
}

/** Something that went wrong and healed, or will; for logs and counters. Never holds tokens or data. */
export interface LiveWarning {
  /**
   * `malformed_message`: the gateway sent something unreadable. `room_refused`: a room was not given. `listener_failed`:
   * an event listener threw, its event does not count as applied. `token_unavailable`: `getToken` rejected, or took too
   * long. `renewal_refused`: the gateway did not take a newer token for the running session.
   */
  readonly code: 'malformed_message' | 'room_refused' | 'listener_failed' | 'token_unavailable' | 'renewal_refused';
  readonly message: string;
  readonly cause?: unknown;
}

/** Options of {@link createLiveClient}. */
export interface LiveClientOptions {
  /** Origin of the gateway; default: the page's own. */
  readonly url?: string | undefined;
  /**
   * Called for every connection, and with `expired` when the token of the running one is about to expire. A rejection, or
   * no token within nine seconds, counts as a failed attempt and is tried again.
   */
  readonly getToken: (request: TokenRequest) => string | Promise<string>;
  /** Default: {@link socketIoTransport}. */
  readonly transport?: LiveTransport | undefined;
  /** Hears of trouble that is not a matter of the status; default: nobody. */
  readonly onWarning?: ((warning: LiveWarning) => void) | undefined;
  /** How long the page may be not live before mounted queries are polled, in milliseconds; default 10,000. */
  readonly pollAfterMs?: number | undefined;
  /** Uniform in [0, 1); default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Default: the browser's. */
  readonly timers?: Timers | undefined;
}

/** One live connection: positions, catching up, and what it learns. */
export interface LiveClient {
  /** Connects, and keeps connecting until `close`. Without effect while running. */
  start(): void;
  /** Disconnects and forgets all positions; idempotent. `start` begins anew. */
  close(): void;
  /**
   * Call it when the page may have been away: makes the next attempt at once where one is waited for, and replaces a
   * connection on which the gateway does not answer within 1.5 s. Browsers' own signals, and the end of sleep, do so by
   * themselves.
   */
  hurry(): void;
  /** The present status; the same object until it changes. `connecting` before `start`. */
  status(): LiveStatus;
  /** Calls back after each change of the status; answers the unsubscribe. */
  onStatus(listener: (status: LiveStatus) => void): () => void;
  /** Calls back for each frame, row and resync, before its position counts as applied; answers the unsubscribe. */
  onEvent(listener: (event: LiveEvent) => void): () => void;
  /** Tells the positions a response carried; before the first row of a room their minimum is its resume position. */
  noteHeader(positions: Positions): void;
  /** Tells how many milliseconds after a frame the data that covers it was there; the status shows the newest. */
  noteFreshness(afterMs: number): void;
  /** Joins a room beyond those of the user, until every caller has left it; answers the leave. */
  joinRoom(room: Room): () => void;
}

/**
 * How long `getToken` may take, in milliseconds: less than the ten seconds after which a gateway closes a connection on
 * which nobody has said who they are.
 */
const TOKEN_WITHIN_MS = 9_000;

/**
 * A live client without React.
 *
 * @example
 * ```ts
 * const client = createLiveClient({ getToken: () => session.token });
 * const unbind = bindQueryClient({ client, queryClient });
 * client.start();
 * ```
 */
export function createLiveClient(options: LiveClientOptions): LiveClient {
  const { random = Math.random, timers = systemTimers, pollAfterMs = 10_000 } = options;
  const transport = options.transport ?? socketIoTransport({ url: options.url });
  const events = createListeners<LiveEvent>();
  const status = createStatusKeeper(timers, pollAfterMs);
  /** Present while started. */
  let stopWatching: (() => void) | undefined;
  /** The gateway answers nothing before its `ready`. */
  let isReady = false;
  let stopRenewal = () => {};

  const warn = (code: LiveWarning['code'], message: string, cause?: unknown) =>
    options.onWarning?.(cause === undefined ? { code, message } : { code, message, cause });

  const ledger = createRoomLedger({
    tell: (event) => {
      const failures = events.tell(event);
      for (const cause of failures) warn('listener_failed', `a listener failed on a ${event.type}`, cause);
      return failures.length === 0;
    },
    askForRow: (room) => subscriptions.ask(room),
  });

  const connector = createConnector({
    transport,
    timers,
    random,
    auth,
    onOpen: () => {
      status.move('opened');
    },
    onMessage: receive,
    onLost: (problem) => {
      disconnected();
      status.move('lost', problem);
    },
    onRefused: (problem) => {
      disconnected();
      status.move(problem.code === 'token_invalid' ? 'ended' : 'refused', problem);
    },
  });

  const subscriptions = createSubscriptions({
    request: connector.request,
    timers,
    random,
    positionOf: (room) => ledger.resumePosition(room),
    onRow: (row, sent) => applyRows([{ row, sent }]),
    onRefused: (room, code, message) => {
      ledger.forget(room);
      status.roomRefused(room, code);
      warn('room_refused', `${code}: ${message}`);
    },
  });

  const extraRooms = createExtraRooms(
    (room) => {
      if (isReady) subscriptions.ask(room);
    },
    (room) => {
      forget(room);
      // Best effort: a room that stays joined costs frames that match nothing, and ends with the connection.
      if (isReady) connector.request('unsubscribe', { room }).catch(() => {});
    },
  );

  function token(expired: boolean): Promise<string> {
    const given = Promise.resolve().then(() => options.getToken({ expired }));
    return within(timers, TOKEN_WITHIN_MS, given).catch((cause: unknown) => {
      warn(TOKEN_UNAVAILABLE, 'getToken failed', cause);
      throw Object.assign(new Error('getToken failed', { cause }), { code: TOKEN_UNAVAILABLE });
    });
  }

  async function auth(expired: boolean): Promise<ConnectAuth> {
    return { token: await token(expired), protocol: PROTOCOL_VERSION, positions: ledger.positionsToSend() };
  }

  function applyRows(rows: readonly AnsweredRow[]): void {
    for (const { row } of rows) status.roomRefused(row.room, undefined);
    status.caughtUp(ledger.applyRows(rows));
  }

  function forget(room: Room): void {
    subscriptions.drop(room);
    ledger.forget(room);
    status.roomRefused(room, undefined);
  }

  function disconnected(): void {
    isReady = false;
    stopRenewal();
    subscriptions.reset();
  }

  function refuse(event: 'refused' | 'ended', code: string, message: string): void {
    connector.close();
    disconnected();
    status.move(event, { code, message });
  }

  type Reader = (event: string, payload: unknown) => void;

  function reader<T>(decode: (payload: unknown) => T | undefined, act: (message: T) => void): Reader {
    return (event, payload) => {
      const message = decode(payload);
      // A lost frame leaves a gap that the next one shows; a lost `ready` leaves the status as it is, and polling begins.
      if (message === undefined) warn('malformed_message', `unreadable ${event}`);
      else act(message);
    };
  }

  const readers: Readonly<Record<string, Reader>> = {
    ready: reader(decodeReady, (ready) => {
      if (ready.protocol !== PROTOCOL_VERSION) {
        refuse('refused', 'protocol_unsupported', `the gateway speaks protocol ${ready.protocol}`);
        return;
      }
      connector.proven();
      isReady = true;
      applyRows(ledger.withSent(ready.rooms));
      const answered = new Set(ready.rooms.map((row) => row.room));
      for (const room of extraRooms.rooms()) if (!answered.has(room)) subscriptions.ask(room);
      status.move(ready.live ? 'current' : 'unavailable');
    }),
    invalidate: reader(decodeInvalidate, (frame) => {
      ledger.applyFrame(frame);
      status.frameArrived();
    }),
    resync: reader(decodeResync, (resync) => {
      ledger.applyResync(resync);
      status.frameArrived();
    }),
    status: reader(decodeStatus, ({ live }) => status.move(live ? 'current' : 'unavailable')),
    joined: reader(decodeJoined, ({ rooms }) => applyRows(ledger.withSent(rooms))),
    left: reader(decodeLeft, ({ room }) => {
      forget(room);
      if (extraRooms.has(room)) status.roomRefused(room, 'forbidden');
    }),
    drain: reader(decodeDrain, ({ withinMs }) => connector.replace(random() * withinMs)),
    expiring: reader(decodeExpiring, () => {
      stopRenewal();
      stopRenewal = startRenewal({
        request: connector.request,
        timers,
        random,
        newToken: () => token(true),
        onRefused: (code, message) => warn('renewal_refused', `${code}: ${message}`),
      });
    }),
    evicted: reader(decodeEvicted, ({ code }) => refuse('ended', code, 'the gateway ended the session')),
  };

  function receive(event: string, payload: unknown): void {
    // Events of a newer gateway are none of this client's business.
    if (Object.hasOwn(readers, event)) readers[event]?.(event, payload);
  }

  return {
    start: () => {
      if (stopWatching) return;
      stopWatching = watchWaking(timers, connector.hurry);
      status.move('start');
      connector.open();
    },
    close: () => {
      stopWatching?.();
      stopWatching = undefined;
      connector.close();
      disconnected();
      ledger.forgetAll();
      status.move('close');
    },
    hurry: connector.hurry,
    status: () => status.current(),
    onStatus: (listener) => status.onChange(listener),
    onEvent: (listener) => events.add(listener),
    noteFreshness: status.noteFreshness,
    noteHeader: (positions) => ledger.noteHeader(positions),
    joinRoom: (room) => extraRooms.add(room),
  };
}
