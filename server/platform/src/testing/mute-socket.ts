import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';

const MASK_BYTES = 4;

/** A WebSocket client that hangs. */
export interface MuteSocket {
  /** Resolves when the server has cut it. */
  readonly cut: Promise<void>;
}

/**
 * Opens a WebSocket by hand, sends one text message, waits for the first answer that contains `until`, and from then on
 * answers nothing: no pong and no close frame, like a machine that hangs.
 */
export async function connectMute(url: string, path: string, message: string, until: string): Promise<MuteSocket> {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const cut = new Promise<void>((resolve) => {
    for (const sign of ['end', 'error', 'close']) socket.once(sign, () => resolve());
  });
  let received = '';
  const heard = async (text: string) => {
    while (!received.includes(text)) received += (await once(socket, 'data'))[0];
  };
  await once(socket, 'connect');
  socket.write(
    [
      `GET ${path}?EIO=4&transport=websocket HTTP/1.1`,
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      '\r\n',
    ].join('\r\n'),
  );
  await heard('"sid"');
  socket.write(textFrame(message));
  await heard(until);
  socket.resume();
  return { cut };
}

/** A final, masked text frame of up to 64 KiB (RFC 6455, 5.2). */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(MASK_BYTES);
  const head = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % MASK_BYTES] ?? 0))]);
}
