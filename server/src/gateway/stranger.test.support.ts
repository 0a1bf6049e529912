/** Test support: a client that keeps to nothing, over a bare WebSocket. */
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';

/** For a gateway that believes whom strangers say they are; clients that keep to the protocol come from `''`. */
export function saidAddress(request: IncomingMessage): string {
  return new URL(request.url ?? '', 'http://gateway').searchParams.get('from') ?? '';
}

/** Opens a connection from an address; `status` of the HTTP answer when it becomes no WebSocket. */
export function openStranger(url: string, from = 'stranger', query = '') {
  const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket&from=${from}${query}`;
  const socket = new WebSocket(address);
  const heard: string[] = [];
  let wake = () => {};
  const push = (text: string) => {
    heard.push(text);
    wake();
  };
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      push(`closed ${code}`);
      resolve(code);
    });
  });
  socket.on('message', (data) => push(String(data)));
  socket.on('error', () => {});
  socket.on('unexpected-response', (_request, response) => {
    push(`status ${response.statusCode} ${response.headers['retry-after'] ?? ''}`.trim());
    socket.terminate();
  });
  return {
    socket,
    closed,
    /** What comes next; pings are answered and left out. */
    async next(): Promise<string> {
      for (;;) {
        const first = heard.shift();
        if (first !== undefined) return first;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    /** Sends one packet of Engine.IO; of type 4 are those of Socket.IO. */
    send: (packet: string | Buffer) => socket.send(packet),
    /** Sends CONNECT; answers what the gateway says to it, parsed. */
    async connect(token: string): Promise<{ code?: string; retryAfterMs?: number; sid?: string }> {
      if (!(await this.next()).startsWith('0')) throw new Error('no connection');
      this.send(`40${JSON.stringify({ token, protocol: 1 })}`);
      const answer = JSON.parse((await this.next()).slice(2));
      return answer.data ?? answer;
    },
  };
}

/** A promise that settles once both ends of all strangers are closed. */
export async function closeStrangers(strangers: readonly ReturnType<typeof openStranger>[]): Promise<void> {
  for (const { socket } of strangers) socket.terminate();
  await Promise.all(strangers.map(({ closed }) => closed));
}
