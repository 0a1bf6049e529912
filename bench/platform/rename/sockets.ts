import {
  type ClientToServerEvents,
  type Invalidate,
  PROTOCOL_VERSION,
  parsePosition,
  type ServerToClientEvents,
} from '@querycast/protocol';
import { io, type Socket } from 'socket.io-client';
import type { Person } from './audience.js';

/** A frame as it came. */
export interface HeardFrame {
  readonly person: Person;
  readonly frame: Invalidate;
  /** By `performance.now()`. */
  readonly atMs: number;
  /** For how many invalidations it stands. */
  readonly invalidations: number;
}

/** Open pages, as far as the wire goes. */
export interface Sockets {
  /** Whether each of them is still connected; none would connect again. */
  areAllConnected(): boolean;
  /** Ends them. Idempotent. */
  close(): void;
}

/** What {@link openSockets} needs. */
export interface SocketsOptions {
  readonly url: string;
  readonly tokenOf: (person: Person) => Promise<string>;
  readonly onFrame: (heard: HeardFrame) => void;
}

type ClientSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** How many connect at a time: a storm of connections is measured elsewhere. */
const BATCH = 50;
const READY_WITHIN_MS = 20_000;

/** Opens a WebSocket for each person, and waits until all are in their rooms. Rejects when one is refused. */
export async function openSockets(people: readonly Person[], options: SocketsOptions): Promise<Sockets> {
  const sockets: ClientSocket[] = [];
  const close = () => {
    for (const socket of sockets) socket.close();
  };
  try {
    for (let start = 0; start < people.length; start += BATCH) {
      const batch = people.slice(start, start + BATCH).map((person) => openSocket(person, options));
      sockets.push(...(await Promise.all(batch)));
    }
  } catch (error) {
    close();
    throw error;
  }
  return { areAllConnected: () => sockets.every((socket) => socket.connected), close };
}

async function openSocket(person: Person, { url, tokenOf, onFrame }: SocketsOptions): Promise<ClientSocket> {
  const auth = { token: await tokenOf(person), protocol: PROTOCOL_VERSION };
  const socket: ClientSocket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth });
  socket.on('invalidate', (frame) => {
    onFrame({ person, frame, atMs: performance.now(), invalidations: invalidationsOf(frame) });
  });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no "ready" for ${person.room}`)), READY_WITHIN_MS);
    socket.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once('connect_error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
  return socket;
}

function invalidationsOf({ prev, position }: Invalidate): number {
  return (parsePosition(position)?.offset ?? Number.NaN) - (parsePosition(prev)?.offset ?? Number.NaN);
}
