import {
  type ConnectRefusal,
  type Evicted,
  type Invalidate,
  PROTOCOL_VERSION,
  parsePosition,
  type QueryKey,
  type Ready,
} from '@querycast/protocol';
import { io } from 'socket.io-client';

/** A raw client: keeps everything it received in order, and lets a test wait for the next message. */
export interface LiveSocket {
  readonly ready: Ready;
  /** The next frame not yet taken. */
  nextFrame(): Promise<Invalidate>;
  /** Resolves with the code when the gateway ends the session. */
  readonly evicted: Promise<string>;
  isConnected(): boolean;
  close(): void;
}

/** Connects, as a page of `origin` or as a program without one, and waits for `ready`. Rejects with the refusal. */
export async function connectLive(url: string, token: string, origin?: string): Promise<LiveSocket> {
  const auth = { token, protocol: PROTOCOL_VERSION };
  const extraHeaders = origin === undefined ? {} : { Origin: origin };
  const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth, extraHeaders });
  const frames = createQueue<Invalidate>();
  socket.on('invalidate', (frame: Invalidate) => frames.push(frame));
  const evicted = new Promise<string>((resolve) => {
    socket.on('evicted', ({ code }: Evicted) => resolve(code));
  });
  const ready = await new Promise<Ready>((resolve, reject) => {
    socket.on('ready', resolve);
    socket.on('connect_error', (error: Error & { data?: ConnectRefusal }) => reject(error.data ?? error));
  });
  return {
    ready,
    nextFrame: () => frames.next(),
    evicted,
    isConnected: () => socket.connected,
    close: () => void socket.close(),
  };
}

/** How many invalidations a frame stands for. */
export function envelopesOf({ prev, position }: Invalidate): number {
  return (parsePosition(position)?.offset ?? Number.NaN) - (parsePosition(prev)?.offset ?? Number.NaN);
}

/** Keys in one order, for comparing sets. */
export function sorted(keys: readonly QueryKey[]): string[] {
  return keys.map((key) => JSON.stringify(key)).sort();
}

/** A queue whose reader waits. */
export function createQueue<T>() {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    push(item: T): void {
      const reader = waiting.shift();
      if (reader) reader(item);
      else items.push(item);
    },
    next(): Promise<T> {
      const item = items.shift();
      return item === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(item);
    },
  };
}
