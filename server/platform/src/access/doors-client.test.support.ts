import {
  type ConnectRefusal,
  type Evicted,
  type Invalidate,
  type Left,
  PROTOCOL_VERSION,
  type Ready,
} from '@querycast/protocol';
import { io } from 'socket.io-client';
import { createQueue } from '../testing/live-socket.js';

/** A client of the gateway that asks for whatever it likes. */
export interface DoorsClient {
  readonly ready: Ready;
  /** What a request was answered, `works` or the code; when the session ends instead, what it ended with. */
  ask(event: 'subscribe' | 'renew', message: unknown): Promise<string>;
  /** Takes frames until one has the key. Answers the keys of those before it and of that one, as JSON. */
  framesUntil(key: unknown): Promise<string[]>;
  nextLeft(): Promise<Left>;
  /** Resolves with the code when the session was evicted, else with `cut`, once its connection is closed. */
  readonly over: Promise<string>;
  isOver(): boolean;
  close(): void;
}

/** The type of the packet that refuses a connect. */
export const REFUSAL = '4';

/** Connects as a page does. Rejects with the code of the refusal. */
export async function connectAt(url: string, token: string | undefined): Promise<DoorsClient> {
  const auth = { protocol: PROTOCOL_VERSION, ...(token !== undefined && { token }) };
  const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth });
  const frames = createQueue<Invalidate>();
  const left = createQueue<Left>();
  let code = 'cut';
  socket.on('invalidate', (frame: Invalidate) => frames.push(frame));
  socket.on('left', (message: Left) => left.push(message));
  socket.on('evicted', (message: Evicted) => {
    code = message.code;
  });
  const over = new Promise<string>((resolve) => socket.on('disconnect', () => resolve(code)));
  const ready = await new Promise<Ready>((resolve, reject) => {
    socket.on('ready', resolve);
    socket.on('connect_error', (error: Error & { data?: ConnectRefusal }) => reject(error.data?.code ?? error));
  });
  return {
    ready,
    over,
    isOver: () => !socket.connected,
    ask(event, message) {
      const answer = new Promise<string>((resolve) => {
        socket.emit(event, message, (ack: { ok: boolean; code?: string }) =>
          resolve(ack.ok ? 'works' : String(ack.code)),
        );
      });
      return Promise.race([answer, over]);
    },
    async framesUntil(key) {
      const last = JSON.stringify(key);
      const keys: string[] = [];
      while (!keys.includes(last)) keys.push(...(await frames.next()).keys.map((each) => JSON.stringify(each)));
      return keys;
    },
    nextLeft: () => left.next(),
    close: () => void socket.close(),
  };
}

/**
 * Sends a request behind a connect that is refused, as no client does that keeps to the rules. Answers all that came back
 * until the connection was closed, from the other side: Socket.IO packets, whose first digit is their type.
 */
export async function askBehindRefusal(url: string, token: string | undefined, event: string, message: unknown) {
  const { io: manager } = io(url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    autoConnect: false,
  });
  await new Promise<void>((resolve, reject) => {
    manager.open((error) => (error ? reject(error) : resolve()));
  });
  const { engine } = manager;
  const received: string[] = [];
  return new Promise<string[]>((resolve) => {
    engine.on('data', (data: unknown) => {
      received.push(String(data));
      // Whoever was let in is not waited for: that is told by what came back.
      if (received.length === 1 && !received[0]?.startsWith(REFUSAL)) engine.close();
      else if (received.length === 1) engine.write(`20${JSON.stringify([event, message])}`);
    });
    engine.on('close', () => resolve(received));
    engine.write(`0${JSON.stringify({ protocol: PROTOCOL_VERSION, ...(token !== undefined && { token }) })}`);
  });
}
