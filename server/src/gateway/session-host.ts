import type {
  AckCode,
  EvictedCode,
  PlainAck,
  Position,
  Ready,
  Room,
  Row,
  ServerToClientEvents,
  SubscribeAck,
} from '@querycast/protocol';
import type { Principal } from '../auth/authenticate.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { createEvictions, type EvictionTarget } from './evictions.js';
import type { Frame } from './pending-frame.js';
import { stepSession } from './session-core.js';
import { createSessionIndex } from './session-index.js';
import { type AckId, newSession, type SessionEffect, type SessionEvent, type SessionState } from './session-state.js';
import type { Timers } from './timers.js';
import { awaitTokenEnd, leftOf } from './token-end.js';

/** A message to one client: an event name and its message. */
export type ServerMessage = {
  [Event in keyof ServerToClientEvents]: readonly [Event, ...Parameters<ServerToClientEvents[Event]>];
}[keyof ServerToClientEvents];

/** The socket of one session, as little of it as a session needs. */
export interface SessionSocket {
  /** Unique per connection; names the session on the wire. */
  readonly id: string;
  send(message: ServerMessage): void;
  /** Takes part in the room's broadcasts. */
  enter(room: Room): void;
  exit(room: Room): void;
  /** Cuts the transport: the client reconnects. */
  cut(): void;
  /** Says goodbye: the client stays away. */
  disconnect(): void;
}

/** One open session, for operators. */
export interface SessionInfo {
  readonly id: string;
  readonly user: string;
  readonly login?: string;
  readonly rooms: readonly Room[];
}

/** A session that was accepted; its rooms may not be known yet. */
export interface SessionHandle {
  readonly id: string;
  /** The rooms of the principal are known: reads their rows, then says `ready`. */
  open(rooms: readonly Room[], positions: Readonly<Record<string, Position>>): void;
  subscribe(room: Room, position: Position | undefined, allowed: boolean, answer: (ack: SubscribeAck) => void): void;
  unsubscribe(room: Room, answer: (ack: PlainAck) => void): void;
  isOwn(room: Room): boolean;
  /** Whom the session belongs to, as its newest token has it. */
  principal(): Principal;
  /** Another word for the same principal: of the same id, log-in and end. */
  identify(principal: Principal): void;
  /** The rights of the principal are these now; answers whether rooms were lost or gained. Only once opened. */
  changeRights(rights: Rights): boolean;
  /** Ends the session for good. */
  evict(code: EvictedCode): void;
  isClosed(): boolean;
  /** The rooms it is in or joining that are not its principal's own. */
  extraRooms(): Room[];
  /**
   * The client sends a new token. Answers it and returns false when it may not now; otherwise the session waits for
   * `renewed` or `notRenewed`, also beyond the end of its token. `over` is called once that is decided, or the session ended.
   */
  beginRenewal(answer: (ack: PlainAck) => void, over: () => void): boolean;
  /** The new token is good. Only while a renewal is under way, like `notRenewed`. */
  renewed(renewal: Renewed): void;
  /** The new token is not, or cannot be checked: the session ends with the old one. */
  notRenewed(code: AckCode, message: string): void;
  /** The socket takes no more for now. */
  slow(): void;
  /** The socket has taken what waited; answers whether more was kept back for it. */
  drained(): boolean;
  /** The socket is gone. */
  close(): void;
}

/** All rooms of a principal, and further ones that it may be in. */
export interface Rights {
  readonly own: ReadonlySet<Room>;
  readonly extra: ReadonlySet<Room>;
}

/** A new token that is good: checked no earlier than `checkedAt`. */
export interface Renewed extends Rights {
  readonly principal: Principal;
  readonly checkedAt: number;
}

/** What the session host needs. */
export interface SessionHostOptions {
  readonly rooms: {
    join(session: string, room: Room, since?: Position): void;
    release(session: string, room: Room): void;
    hold(session: string, room: Room): void;
    leave(session: string, room: Room): void;
  };
  /** What `ready` says beside the session and its rows. */
  readonly hello: () => Omit<Ready, 'session' | 'rooms'>;
  /** Told of each session that ended, however. */
  readonly closed?: (session: SessionHandle) => void;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

interface HostedSession {
  readonly socket: SessionSocket;
  handle: SessionHandle | undefined;
  principal: Principal;
  /** When its log-in was checked, at the latest; renewing it changes nothing about evictions that are heard of late. */
  checkedAt: number;
  readonly acceptedAt: number;
  readonly acks: Map<AckId, (ack: SubscribeAck & PlainAck) => void>;
  state: SessionState;
  cancelExpiry: () => void;
  renewalOver: () => void;
}

/** Creates the host of a node's sessions: runs the session core against sockets and rooms. */
export function createSessionHost(options: SessionHostOptions) {
  const { rooms, timers, logger, metrics } = options;
  const sessions = new Map<string, HostedSession>();
  const index = createSessionIndex<HostedSession>();
  const evictions = createEvictions(timers);
  let lastAck: AckId = 0;
  let slowSockets = 0;

  function step(session: HostedSession, event: SessionEvent): void {
    const [state, effects] = stepSession(session.state, event);
    if (state.isSlow !== session.state.isSlow) {
      slowSockets += state.isSlow ? 1 : -1;
      metrics.gauge('slow_sockets', slowSockets);
    }
    const isDecided = session.state.renewal !== undefined && state.renewal === undefined;
    session.state = state;
    if (isDecided) session.renewalOver();
    for (const effect of effects) execute(session, effect);
  }

  function execute(session: HostedSession, effect: SessionEffect): void {
    const { socket } = session;
    switch (effect.type) {
      case 'join':
        rooms.join(socket.id, effect.room, effect.since);
        break;
      case 'leave':
        rooms.leave(socket.id, effect.room);
        break;
      case 'enter':
        socket.enter(effect.room);
        rooms.release(socket.id, effect.room);
        break;
      case 'exit':
        socket.exit(effect.room);
        break;
      case 'pause':
        rooms.hold(socket.id, effect.room);
        socket.exit(effect.room);
        break;
      case 'ready':
        metrics.observe('join_seconds', (timers.now() - session.acceptedAt) / 1_000);
        socket.send(['ready', { ...options.hello(), session: socket.id, rooms: [...effect.rows] }]);
        break;
      case 'joined':
        socket.send(['joined', { rooms: [...effect.rows] }]);
        break;
      case 'left':
        logger.info({ session: socket.id, user: session.principal.id, room: effect.room }, 'session lost a room');
        socket.send(['left', { room: effect.room, code: 'forbidden' }]);
        break;
      case 'expiring':
        socket.send(['expiring', { inMs: leftOf(session.principal, timers) }]);
        break;
      case 'expired':
        logger.info({ session: socket.id, user: session.principal.id }, 'session token expired');
        socket.cut();
        break;
      case 'frame':
        if (isOverflow(effect.frame)) metrics.count('frames_overflowed_total');
        socket.send(frameMessage(effect.frame));
        break;
      case 'ack_row':
        answer(session, effect.ack, { ok: true, ...effect.row });
        break;
      case 'ack_ok':
        answer(session, effect.ack, { ok: true });
        break;
      case 'refuse':
        metrics.count('client_messages_refused_total', { code: effect.code });
        answer(session, effect.ack, { ok: false, code: effect.code, message: effect.message });
        break;
    }
  }

  function answer(session: HostedSession, id: AckId, ack: SubscribeAck | PlainAck): void {
    const acknowledge = session.acks.get(id);
    session.acks.delete(id);
    acknowledge?.(ack as SubscribeAck & PlainAck);
  }

  function expect(session: HostedSession, acknowledge: (ack: SubscribeAck & PlainAck) => void): AckId {
    lastAck += 1;
    session.acks.set(lastAck, acknowledge);
    return lastAck;
  }

  function evictSession(session: HostedSession, code: EvictedCode): void {
    const { socket, principal } = session;
    metrics.count('sessions_evicted_total', { code });
    logger.info({ session: socket.id, user: principal.id, code }, 'session evicted');
    socket.send(['evicted', { code }]);
    close(session);
    socket.disconnect();
  }

  function close(session: HostedSession): void {
    if (!sessions.delete(session.socket.id)) return;
    index.delete(session);
    session.cancelExpiry();
    metrics.gauge('sessions', sessions.size);
    step(session, { type: 'close' });
    if (session.handle) options.closed?.(session.handle);
  }

  function awaitEnd(session: HostedSession, before?: Principal): void {
    session.cancelExpiry();
    session.cancelExpiry = awaitTokenEnd(session.principal, timers, (type) => step(session, { type }), before);
  }

  function renewed(session: HostedSession, { principal, checkedAt, own, extra }: Renewed): void {
    index.delete(session);
    const before = session.principal;
    if (principal.session !== before.session) session.checkedAt = checkedAt;
    session.principal = principal;
    index.add(session);
    const evicted = evictions.since(principal, checkedAt);
    if (evicted) {
      evictSession(session, evicted);
      return;
    }
    metrics.count('renewals_total', { result: 'renewed' });
    logger.debug({ session: session.socket.id, user: principal.id }, 'session renewed');
    awaitEnd(session, before);
    step(session, { type: 'renewed', own, extra });
  }

  function changeRights(session: HostedSession, { own, extra }: Rights): boolean {
    const before = session.state.rooms;
    step(session, { type: 'rights', own, extra });
    const after = session.state.rooms;
    return before.size !== after.size || [...before.keys()].some((room) => !after.has(room));
  }

  return {
    /**
     * Registers a session whose token was checked no earlier than `checkedAt`; `undefined` when it was evicted since.
     * Registered before its rooms are known, so that an eviction finds it at every moment.
     */
    accept(socket: SessionSocket, principal: Principal, checkedAt: number): SessionHandle | undefined {
      const session: HostedSession = {
        socket,
        handle: undefined,
        principal,
        checkedAt,
        acceptedAt: timers.now(),
        acks: new Map(),
        state: newSession,
        cancelExpiry: () => {},
        renewalOver: () => {},
      };
      sessions.set(socket.id, session);
      index.add(session);
      metrics.gauge('sessions', sessions.size);
      const evicted = evictions.since(principal, checkedAt);
      if (evicted) {
        evictSession(session, evicted);
        return undefined;
      }
      awaitEnd(session);
      session.handle = {
        id: socket.id,
        open: (own, positions) => step(session, { type: 'open', rooms: own, positions }),
        subscribe(room, position, allowed, acknowledge) {
          const ack = expect(session, acknowledge);
          step(session, { type: 'subscribe', room, allowed, ack, ...(position === undefined ? {} : { position }) });
        },
        unsubscribe: (room, acknowledge) =>
          step(session, { type: 'unsubscribe', room, ack: expect(session, acknowledge) }),
        isOwn: (room) => session.state.own.has(room),
        principal: () => session.principal,
        identify(now) {
          session.principal = now;
        },
        changeRights: (rights) => changeRights(session, rights),
        evict(code) {
          if (sessions.has(socket.id)) evictSession(session, code);
        },
        isClosed: () => !sessions.has(socket.id),
        extraRooms: () => [...session.state.rooms.keys()].filter((room) => !session.state.own.has(room)),
        beginRenewal(acknowledge, over) {
          const ack = expect(session, acknowledge);
          step(session, { type: 'renew', ack });
          const hasBegun = session.state.renewal === ack;
          if (hasBegun) session.renewalOver = over;
          return hasBegun;
        },
        renewed: (renewal) => renewed(session, renewal),
        notRenewed: (code, message) => step(session, { type: 'not_renewed', code, message }),
        slow: () => step(session, { type: 'slow' }),
        drained() {
          step(session, { type: 'drained' });
          return session.state.isSlow;
        },
        close: () => close(session),
      };
      return session.handle;
    },
    row(id: string, row: Row): void {
      const session = sessions.get(id);
      if (session) step(session, { type: 'row', row });
    },
    delayed(id: string, room: Room): void {
      const session = sessions.get(id);
      if (session) step(session, { type: 'delayed', room });
    },
    hold(ids: Iterable<string>, room: Room, frame: Frame): void {
      for (const id of ids) {
        const session = sessions.get(id);
        if (!session) continue;
        if (session.state.isSlow) metrics.count('frames_kept_total');
        step(session, { type: 'frame', room, frame });
      }
    },
    /**
     * Ends the sessions of a user or a log-in whose tokens were checked at least `agoMs` milliseconds ago; answers how
     * many. Connections under way are caught as well.
     */
    evict(target: EvictionTarget, code: EvictedCode, agoMs = 0): number {
      const at = timers.now() - agoMs;
      evictions.remember(target, code, at);
      const meant = index.meant(target).filter(({ checkedAt }) => checkedAt <= at);
      for (const session of meant) evictSession(session, code);
      return meant.length;
    },
    /** The sessions of a user or a log-in. */
    meant(target: EvictionTarget): SessionHandle[] {
      return index.meant(target).flatMap(({ handle }) => handle ?? []);
    },
    list(): SessionInfo[] {
      return [...sessions.values()].map(({ socket, principal, state }) => ({
        id: socket.id,
        user: principal.id,
        ...(principal.session === undefined ? {} : { login: principal.session }),
        rooms: [...state.rooms.keys()],
      }));
    },
    size: () => sessions.size,
  };
}

/** Whether more was kept for one session than it may have waiting. */
function isOverflow({ event, message }: Frame): boolean {
  return event === 'resync' && message.reason === 'overflow';
}

/** A frame as a message to one client. */
export function frameMessage(frame: Frame): ServerMessage {
  return frame.event === 'invalidate' ? ['invalidate', frame.message] : ['resync', frame.message];
}
