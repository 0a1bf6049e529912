import type {
  ClientToServerEvents,
  ConnectRefusal,
  PlainAck,
  Position,
  Room,
  ServerToClientEvents,
  SubscribeAck,
} from '@querycast/protocol';
import { io, type Socket } from 'socket.io-client';

const ANSWER_WITHIN_MS = 5_000;

/** An event the gateway sent. */
export interface Received {
  readonly event: string;
  readonly message: Record<string, unknown>;
}

/** A socket without any of the client library's cleverness: what comes is queued, and nothing is missed or raced. */
export interface RawClient {
  /** The next event, already there or to come. Rejects after `withinMs`, 5 s by default. */
  next(withinMs?: number): Promise<Received>;
  subscribe(room: Room, position?: Position): Promise<SubscribeAck>;
  renew(token: string): Promise<PlainAck>;
  isConnected(): boolean;
  close(): void;
}

/** Connects and answers the client, or the refusal. Never retries. */
export async function connectRaw(
  url: string,
  auth: Record<string, unknown>,
): Promise<{ client: RawClient } | { refusal: ConnectRefusal }> {
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(url, {
    auth,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: ANSWER_WITHIN_MS,
  });
  const queue: Received[] = [];
  const waiting: ((received: Received) => void)[] = [];
  socket.onAny((event: string, message: Record<string, unknown>) => {
    const take = waiting.shift();
    if (take) take({ event, message });
    else queue.push({ event, message });
  });

  const refusal = await new Promise<ConnectRefusal | undefined>((resolve, reject) => {
    socket.once('connect', () => resolve(undefined));
    socket.once('connect_error', (error: Error & { data?: ConnectRefusal }) => {
      socket.close();
      if (error.data) resolve(error.data);
      else reject(error);
    });
  });
  if (refusal) return { refusal };

  const client: RawClient = {
    next(withinMs = ANSWER_WITHIN_MS) {
      const received = queue.shift();
      if (received) return Promise.resolve(received);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(take), 1);
          reject(new Error(`no event in ${withinMs} ms`));
        }, withinMs);
        const take = (next: Received) => {
          clearTimeout(timer);
          resolve(next);
        };
        waiting.push(take);
      });
    },
    subscribe: (room, position) =>
      socket.timeout(ANSWER_WITHIN_MS).emitWithAck('subscribe', position === undefined ? { room } : { room, position }),
    renew: (token) => socket.timeout(ANSWER_WITHIN_MS).emitWithAck('renew', { token }),
    isConnected: () => socket.connected,
    close() {
      socket.close();
    },
  };
  return { client };
}
