import {
  type ClientToServerEvents,
  type Position,
  PROTOCOL_VERSION,
  parsePosition,
  type Room,
  type Row,
  type ServerToClientEvents,
} from '@querycast/protocol';
import { io, type Socket } from 'socket.io-client';
import { roomOf, tokenOf } from './rooms.js';

/** A page, as far as the wire goes. */
export interface Client {
  readonly room: number;
  /** What `ready` said of its room. */
  readonly row: Row;
  /** Bytes through its TCP connection until `ready` was there, the upgrade of HTTP included. */
  readonly bytes: Bytes;
  /** Up to where it has been told; follows what it hears. */
  position(): Position;
  close(): void;
}

/** To the client, and from it. */
export interface Bytes {
  readonly received: number;
  readonly sent: number;
}

/** Who connects, and from where each room is resumed. */
export interface ConnectOptions {
  readonly url: string;
  readonly rooms: number;
  readonly clients: number;
  /** By number of the room; default: they come for the first time. */
  readonly positions?: readonly Position[];
  /** How many connect at a time; default: all at once. */
  readonly batch?: number;
}

type ClientSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

const READY_WITHIN_MS = 120_000;

/** Connects clients, those of each room in turn, and waits until all are in their room. Rejects when one is refused. */
export async function connectClients(options: ConnectOptions): Promise<readonly Client[]> {
  const { clients, batch = clients } = options;
  const connected: Client[] = [];
  for (let start = 0; start < clients; start += batch) {
    const numbers = Array.from({ length: Math.min(batch, clients - start) }, (_, index) => start + index);
    connected.push(...(await Promise.all(numbers.map((number) => connect(number, options)))));
  }
  return connected;
}

async function connect(number: number, { url, rooms, positions }: ConnectOptions): Promise<Client> {
  const room = number % rooms;
  const since = positions?.[room];
  const auth = {
    token: tokenOf(room, number),
    protocol: PROTOCOL_VERSION,
    ...(since === undefined ? {} : { positions: { [roomOf(room)]: since } }),
  };
  const socket: ClientSocket = io(url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: READY_WITHIN_MS,
    auth,
  });
  const row = await rowOf(socket, roomOf(room));
  const bytes = bytesOf(socket);
  let position = row.position;
  socket.on('invalidate', (frame) => {
    position = frame.position;
  });
  socket.on('resync', (frame) => {
    position = frame.position;
  });
  return { room, row, bytes, position: () => position, close: () => void socket.close() };
}

function rowOf(socket: ClientSocket, room: Room): Promise<Row> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no row for ${room}`)), READY_WITHIN_MS);
    const settle = (row: Row | undefined) => {
      if (!row) return;
      clearTimeout(timer);
      resolve(row);
    };
    socket.once('ready', ({ rooms }) => settle(rooms.find((row) => row.room === room)));
    socket.once('joined', ({ rooms }) => settle(rooms.find((row) => row.room === room)));
    socket.once('connect_error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

/** How far into its sequence a position is. */
export function offsetOf(position: Position): number {
  return parsePosition(position)?.offset ?? Number.NaN;
}

/** What went through its TCP connection, which only the WebSocket library below Socket.IO knows. */
function bytesOf(socket: ClientSocket): Bytes {
  const transport: object = socket.io.engine.transport;
  const webSocket = field(transport, 'ws');
  const connection = field(webSocket, '_socket');
  return { received: Number(field(connection, 'bytesRead')), sent: Number(field(connection, 'bytesWritten')) };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}
