import type { LiveTransport } from './transport.js';

/** Options of {@link socketIoTransport}. */
export interface SocketIoTransportOptions {
  /** Origin of the gateway; default: the page's own. */
  readonly url?: string;
  /** Default `/socket.io`. */
  readonly path?: string;
}

/** Carries messages over Socket.IO, WebSocket only. */
export function socketIoTransport(_options: SocketIoTransportOptions = {}): LiveTransport {
  throw new Error('not there yet');
}
