import {
  type AckCode,
  isPosition,
  isRoom,
  MAX_EXTRA_ROOMS,
  type PlainAck,
  type Position,
  PROTOCOL_VERSION,
  type Refusal,
  type Room,
  type Row,
  type SubscribeAck,
} from '@querycast/protocol';
import type { ManualConnection, ManualRequest } from './manual-transport.js';
import type { RoomLog } from './room-log.js';

/** What all sessions of one gateway in memory share. */
export interface MemoryWorld {
  /** Rooms of everybody who connects. */
  readonly rooms: readonly Room[];
  /** Whether a further room may be joined. */
  readonly mayJoin: (room: Room) => boolean;
  readonly logOf: (room: Room) => RoomLog;
  /** Whether the broker is there. */
  readonly isLive: () => boolean;
  readonly onRenewed: (token: string) => void;
}

/** One client that was let in, as the gateway sees it. */
export interface MemorySession {
  readonly connection: ManualConnection;
  /** The rooms it is in. */
  rooms(): Room[];
  /** Sends `ready`. */
  welcome(positions: Readonly<Record<Room, Position>>): void;
  /** Sends what has happened in a room since it was last told of it; nothing when it is not in it. */
  tell(room: Room, spreadMs?: number): void;
  /** Tells whether the broker is there and, once it is, what was missed. */
  announce(): void;
  answer(request: ManualRequest): void;
}

/** A session with what it was told so far: nothing. */
export function createMemorySession(connection: ManualConnection, world: MemoryWorld): MemorySession {
  /** How far the client was told, of each room that it is in. */
  const told = new Map<Room, Position>();
  /** Rooms whose row could not be read, with the position to read it from. */
  const late = new Map<Room, Position | undefined>();
  const isOwn = (room: Room) => world.rooms.includes(room);

  function rowOf(room: Room, since: Position | undefined): Row {
    const { position, status, keys } = world.logOf(room).read(since);
    told.set(room, position);
    return { room, position, status, keys };
  }

  function tell(room: Room, spreadMs?: number): void {
    const prev = told.get(room);
    if (prev === undefined || !world.isLive()) return;
    const { position, cause, keys } = world.logOf(room).read(prev);
    if (position === prev) return;
    told.set(room, position);
    const spread = spreadMs === undefined ? {} : { spreadMs };
    if (cause) connection.send('resync', { room, position, reason: cause, ...spread });
    else connection.send('invalidate', { room, prev, position, keys, at: Date.now(), ...spread });
  }

  function subscribe(room: Room, position: Position | undefined): SubscribeAck {
    if (!isOwn(room)) {
      if (!world.mayJoin(room)) return refusal('forbidden', 'this room is not open to you');
      const others = [...told.keys()].filter((other) => other !== room && !isOwn(other));
      if (others.length >= MAX_EXTRA_ROOMS) return refusal('too_many_rooms', 'the session has all the rooms it may');
    }
    if (!world.isLive()) return refusal('broker_unavailable', 'the log cannot be read now: try again');
    return { ok: true, ...rowOf(room, position) };
  }

  function unsubscribe(room: Room): PlainAck {
    if (isOwn(room)) return refusal('forbidden', 'a room of your own cannot be left');
    told.delete(room);
    return { ok: true };
  }

  /** Rights are looked up anew, as they were when the client connected. */
  function renew(token: string): PlainAck {
    world.onRenewed(token);
    for (const room of told.keys()) {
      if (isOwn(room) || world.mayJoin(room)) continue;
      told.delete(room);
      connection.send('left', { room, code: 'forbidden' });
    }
    return { ok: true };
  }

  function acknowledge({ event, payload }: ManualRequest): SubscribeAck | PlainAck {
    const { room, position, token }: Asked = payload;
    if (event === 'renew' && typeof token === 'string' && token !== '') return renew(token);
    if (!isRoom(room) || !(position === undefined || isPosition(position))) {
      return refusal('bad_request', 'the message breaks a rule');
    }
    return event === 'subscribe' ? subscribe(room, position) : unsubscribe(room);
  }

  return {
    connection,
    rooms: () => [...told.keys()],
    welcome: (positions) => {
      const live = world.isLive();
      const rooms = live ? world.rooms.map((room) => rowOf(room, positions[room])) : [];
      if (!live) for (const room of world.rooms) late.set(room, positions[room]);
      const hello = { protocol: PROTOCOL_VERSION, session: 'memory', node: 'memory', heartbeatMs: 15_000 };
      connection.send('ready', { ...hello, live, rooms });
    },
    tell,
    announce: () => {
      connection.send('status', { live: world.isLive() });
      if (!world.isLive()) return;
      for (const room of told.keys()) tell(room);
      for (const [room, since] of late) connection.send('joined', { rooms: [rowOf(room, since)] });
      late.clear();
    },
    answer: (request) => request.answer(acknowledge(request)),
  };
}

/** What a request may hold; nothing of it is checked yet. */
interface Asked {
  readonly room?: unknown;
  readonly position?: unknown;
  readonly token?: unknown;
}

function refusal(code: AckCode, message: string): Refusal {
  return { ok: false, code, message };
}
