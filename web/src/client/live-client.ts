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
  decodeSubscribeAck,
  type Position,
  PROTOCOL_VERSION,
  type Room,
  type Row,
} from '@querycast/protocol';
import { createConnector, TOKEN_UNAVAILABLE } from './connector.js';
import { createListeners } from './listeners.js';
import type { LiveClient, LiveClientOptions, LiveWarning } from './live-client-api.js';
import type { LiveEvent } from './live-event.js';
import { startRenewal } from './renewal.js';
import { createRoomLedger } from './room-ledger.js';
import { socketIoTransport } from './socket-io-transport.js';
import type { LiveStateEvent } from './status.js';
import { createStatusKeeper } from './status-keeper.js';
import { createSubscriptions } from './subscriptions.js';
import { systemTimers, within } from './timers.js';
import type { ConnectAuth, ConnectProblem } from './transport.js';
import { watchWaking } from './waking.js';

export type { LiveClient, LiveClientOptions, LiveWarning, TokenRequest } from './live-client-api.js';

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
  const pace = { timers, random };
  const events = createListeners<LiveEvent>();
  const status = createStatusKeeper(timers, pollAfterMs);
  /** Rooms that parts of the application want, one entry for each wish. */
  const wishes = new Set<{ readonly room: Room }>();
  /** Present while started. */
  let stopWatching: (() => void) | undefined;
  /** The gateway answers nothing before its `ready`. */
  let isReady = false;
  let stopRenewal = () => {};
  /** Of the running session; another one of the same value would prolong nothing. */
  let usedToken: string | undefined;

  const warn = (code: LiveWarning['code'], message: string, cause?: unknown) =>
    options.onWarning?.({ code, message, cause });

  const ledger = createRoomLedger(
    (event) => {
      const failures = events.tell(event);
      for (const cause of failures) warn('listener_failed', `a listener failed on a ${event.type}`, cause);
      return failures.length === 0;
    },
    (room) => isReady && subscriptions.ask(room),
  );

  const connector = createConnector(pace, options.transport ?? socketIoTransport(options), {
    auth,
    onOpen: () => status.move('opened'),
    onMessage: (event, payload) => {
      // Events of a newer gateway are none of this client's business.
      readers.get(event)?.(event, payload);
    },
    onDown,
  });

  const subscriptions = createSubscriptions(
    pace,
    connector.request,
    ledger.resumePosition,
    (row, sent) => applyRows([row], { [row.room]: sent }),
    (room, code, message) => {
      ledger.forget(room);
      status.roomRefused(room, code);
      warn('room_refused', `${code}: ${message}`);
    },
  );

  function token(expired: boolean): Promise<string> {
    const given = Promise.resolve().then(() => options.getToken({ expired }));
    return within(timers, TOKEN_WITHIN_MS, given).catch((cause: unknown) => {
      warn(TOKEN_UNAVAILABLE, 'getToken failed', cause);
      throw cause;
    });
  }

  async function auth(expired: boolean, isCurrent: () => boolean): Promise<ConnectAuth> {
    const given = await token(expired);
    // The positions of an attempt that is over would be taken for those that were sent.
    if (!isCurrent()) throw new Error('too late');
    usedToken = given;
    return { token: given, protocol: PROTOCOL_VERSION, positions: ledger.positionsToSend() };
  }

  function applyRows(rows: readonly Row[], sent?: Partial<Record<Room, Position>>): void {
    for (const { room } of rows) status.roomRefused(room);
    status.caughtUp(ledger.applyRows(rows, sent));
  }

  function isWished(room: Room): boolean {
    return [...wishes].some((wish) => wish.room === room);
  }

  function forget(room: Room): void {
    subscriptions.drop(room);
    ledger.forget(room);
    status.roomRefused(room);
  }

  function onDown(event: LiveStateEvent, problem?: ConnectProblem): void {
    isReady = false;
    stopRenewal();
    subscriptions.reset();
    status.move(event, problem);
  }

  function end(event: LiveStateEvent, problem?: ConnectProblem): void {
    connector.close();
    onDown(event, problem);
  }

  function reader<T>(decode: (payload: unknown) => T | undefined, act: (message: T) => void) {
    return (event: string, payload: unknown) => {
      const message = decode(payload);
      // A lost frame leaves a gap that the next one shows; a lost `ready` leaves the status as it is, and polling begins.
      if (message) act(message);
      else warn('malformed_message', `unreadable ${event}`);
    };
  }

  const readers = new Map(
    Object.entries({
      ready: reader(decodeReady, ({ protocol, rooms, live }) => {
        if (protocol !== PROTOCOL_VERSION) {
          end('refused', { code: 'protocol_unsupported', message: `the gateway speaks protocol ${protocol}` });
          return;
        }
        connector.proven();
        isReady = true;
        applyRows(rooms);
        // Who hears of them may close the client.
        if (!isReady) return;
        for (const { room } of wishes) if (!rooms.some((row) => row.room === room)) subscriptions.ask(room);
        status.move(live ? 'current' : 'unavailable');
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
      joined: reader(decodeJoined, ({ rooms }) => applyRows(rooms)),
      left: reader(decodeLeft, ({ room }) => {
        forget(room);
        if (isWished(room)) status.roomRefused(room, 'forbidden');
      }),
      drain: reader(decodeDrain, ({ withinMs }) => connector.replace(random() * withinMs)),
      expiring: reader(decodeExpiring, () => {
        stopRenewal();
        stopRenewal = startRenewal(
          pace,
          connector.request,
          async () => {
            const given = await token(true);
            if (given === usedToken) throw new Error('no newer token');
            return given;
          },
          (taken) => {
            usedToken = taken;
          },
          ({ code, message }) => warn('renewal_refused', `${code}: ${message}`),
        );
      }),
      evicted: reader(decodeEvicted, ({ code }) => end('ended', { code, message: 'evicted' })),
    }),
  );

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
      ledger.forgetAll();
      end('close');
    },
    hurry: connector.hurry,
    status: status.current,
    onStatus: status.onChange,
    onEvent: events.add,
    noteFreshness: status.noteFreshness,
    noteHeader: ledger.noteHeader,
    joinRoom: (room) => {
      const wish = { room };
      if (isReady && !isWished(room)) subscriptions.ask(room);
      wishes.add(wish);
      return () => {
        if (!wishes.delete(wish) || isWished(room)) return;
        subscriptions.drop(room);
        status.roomRefused(room);
        if (!isReady) return;
        connector.request('unsubscribe', { room }).then(
          (answer) => {
            // A room of the person's own is refused, and goes on.
            if (decodeSubscribeAck(answer)?.ok !== false && !isWished(room)) ledger.forget(room);
          },
          // Best effort: a room that stays joined costs frames that match nothing, and ends with the connection.
          () => {},
        );
      };
    },
  };
}
