import { decodeConnectRefusal } from '@querycast/protocol';
import { io } from 'socket.io-client';
import type { LiveTransport, TransportConnection, TransportHandlers } from './transport.js';

/** Options of {@link socketIoTransport}. */
export interface SocketIoTransportOptions {
  /** Origin of the gateway; default: the page's own. */
  readonly url?: string | undefined;
  /** Default `/socket.io`. */
  readonly path?: string | undefined;
}

/**
 * How long a connection or an acknowledgement may take, in milliseconds: a gateway that hangs still accepts connections, and
 * the next attempt may lead to another one.
 */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Carries messages over Socket.IO: WebSocket only, one socket per connection, no reconnecting of its own, because after
 * a refusal Socket.IO does not try again and the client has to anyway.
 *
 * @example
 * ```ts
 * const client = createLiveClient({ getToken, transport: socketIoTransport({ url: 'https://live.example.com' }) });
 * ```
 */
export function socketIoTransport(options: SocketIoTransportOptions = {}): LiveTransport {
  return { connect: (handlers) => connect(options, handlers) };
}

function connect(
  { url, path = '/socket.io' }: SocketIoTransportOptions,
  handlers: TransportHandlers,
): TransportConnection {
  let over = false;
  const settings = {
    path,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    timeout: ANSWER_WITHIN_MS,
    auth: (send: (auth: object) => void) => {
      handlers.auth().then(
        (auth) => {
          if (!over) send(auth);
        },
        // The client knows, and has closed this connection.
        () => {},
      );
    },
  };
  const socket = io(url ?? '/', settings);

  function end(tell: () => void): void {
    if (over) return;
    over = true;
    // What was never sent (engine.io notices on sending that pings were missed) fails now, not when its time is up.
    socket.sendBuffer = [];
    socket.disconnect();
    tell();
  }

  socket.on('connect', () => handlers.onOpen());
  socket.on('connect_error', (error) => {
    // Only the gateway's own data may carry a code: one of the network ("ECONNREFUSED") is no refusal.
    const refusal = decodeConnectRefusal('data' in error ? error.data : undefined);
    end(() => handlers.onProblem(refusal ?? { message: error.message }));
  });
  socket.on('disconnect', (reason) => end(() => handlers.onClose(reason)));
  socket.onAny((event: string, payload: unknown) => handlers.onMessage(event, payload));

  return {
    request: (event, payload) => socket.timeout(ANSWER_WITHIN_MS).emitWithAck(event, payload),
    close: () => end(() => {}),
  };
}
