import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One answer; `body` is text. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** A client that sends bytes as they are. */
export interface RawHttp {
  /** Sends a whole request and resolves with its answer, or with `undefined` when the connection ended without one. */
  ask(request: Buffer): Promise<RawAnswer | undefined>;
  /** The same on a connection of its own that ends with the request, for bytes that may be no request or half of one. */
  askOnce(bytes: Buffer): Promise<RawAnswer | undefined>;
  close(): void;
}

/** Speaks to a server on the loopback interface, on one connection as long as that lasts. */
export function rawHttp(url: string): RawHttp {
  const port = Number(new URL(url).port);
  let kept: Socket | undefined;

  async function open(): Promise<Socket> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    // A reset is an end like any other, and after the answer nobody's concern.
    socket.on('error', () => {});
    return socket;
  }

  return {
    async ask(request) {
      if (kept === undefined || kept.readyState !== 'open') kept = await open();
      const socket = kept;
      const answer = answerOf(socket);
      socket.write(request);
      const result = await answer;
      if (result === undefined || /\r\nconnection: close/i.test(result.head)) {
        socket.destroy();
        kept = undefined;
      }
      return result;
    },
    async askOnce(bytes) {
      const socket = await open();
      const answer = answerOf(socket);
      socket.end(bytes);
      const result = await answer;
      socket.destroy();
      return result;
    },
    close: () => kept?.destroy(),
  };
}

/** The next answer on a connection: the first of several, when what was sent was several requests. */
function answerOf(socket: Socket): Promise<RawAnswer | undefined> {
  return new Promise((resolve) => {
    let received = '';
    const done = (answer: RawAnswer | undefined) => {
      socket.off('data', read).off('close', gone).off('error', gone);
      resolve(answer);
    };
    const gone = () => done(undefined);
    const read = (chunk: Buffer) => {
      received += chunk.toString('latin1');
      const answer = parseAnswer(received);
      if (answer) done(answer);
    };
    socket.on('data', read).on('close', gone).on('error', gone);
  });
}

/** As far as the servers of these tests go: a length, or no body. */
function parseAnswer(received: string): RawAnswer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = received.slice(0, end);
  const status = Number(head.slice(9, 12));
  if (status < 200) return parseAnswer(received.slice(end + 4));
  const bytes = received.slice(end + 4);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (/\r\ntransfer-encoding: chunked/i.test(head)) {
    return bytes.endsWith('0\r\n\r\n') ? { status, head, body: bytes } : undefined;
  }
  if (bytes.length < length) return undefined;
  return { status, head, body: Buffer.from(bytes.slice(0, length), 'latin1').toString() };
}

/** The bytes of a request; its length is told unless the headers tell one. */
export function requestBytes(line: string, headers: readonly (readonly [string, string])[], body: Buffer): Buffer {
  const hasLength = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  if (!hasLength) lines.push(`Content-Length: ${body.length}`);
  return Buffer.concat([Buffer.from(`${line} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), body]);
}
