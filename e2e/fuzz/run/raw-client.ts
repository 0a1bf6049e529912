import { WebSocket } from 'ws';

/** For a gateway that says nothing, in milliseconds. */
const PATIENCE_MS = 10_000;

/** A WebSocket that sends what no client of Socket.IO would. */
export interface RawClient {
  send(message: string | Buffer): void;
  /** The next message of the gateway that is no ping; `undefined` once it has closed. */
  next(): Promise<string | undefined>;
  /** The next message that begins so, past all others; `undefined` once the gateway has closed. */
  until(beginning: string): Promise<string | undefined>;
  close(): void;
}

/** Connects, and answers pings; the CONNECT of Socket.IO is up to the caller. */
export async function rawClient(url: string, query = 'EIO=4&transport=websocket'): Promise<RawClient> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?${query}`, { perMessageDeflate: false });
  const received: string[] = [];
  let wake = () => {};
  let isOpen = true;
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text === '2') socket.send('3');
    else received.push(text);
    wake();
  });
  socket.on('close', () => {
    isOpen = false;
    wake();
  });
  // A gateway that cuts is told by the close that follows.
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('open', resolve).once('close', resolve));

  async function next(): Promise<string | undefined> {
    for (;;) {
      const first = received.shift();
      if (first !== undefined || !isOpen) return first;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the gateway says nothing')), PATIENCE_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  return {
    send: (message) => socket.send(message),
    next,
    async until(beginning) {
      for (;;) {
        const message = await next();
        if (message === undefined || message.startsWith(beginning)) return message;
      }
    },
    close: () => socket.terminate(),
  };
}
