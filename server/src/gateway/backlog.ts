import { MAX_SERVER_FRAME_BYTES } from '@querycast/protocol';

/** More than this waiting, in bytes, and a socket is slow: a largest row and a largest frame may meet. */
const MAX_WAITING_BYTES = 2 * MAX_SERVER_FRAME_BYTES;

/** What a waiting message takes besides its text, in bytes, about. */
const MESSAGE_OVERHEAD_BYTES = 200;

/**
 * More messages than this waiting, and the connection is cut: a slow socket gets no frames, so that only a client which asks
 * and asks without reading the answers comes so far.
 */
const MAX_WAITING_MESSAGES = 1_024;

/** The two events of Engine.IO's connections that Socket.IO documents for `socket.conn`. */
export interface Outlet {
  /** A message was made, and waits for those before it. */
  on(event: 'packetCreate', listen: (packet: { readonly data?: unknown }) => void): unknown;
  /** All that waited was handed to the transport, because the system has taken everything handed to it before. */
  on(event: 'drain', listen: () => void): unknown;
}

/** Hears how a socket gets on, never while it is being written to. */
export interface BacklogListener {
  /** Too much waits: what can be kept back must be. */
  slow(): void;
  /** All that waited is on its way; answers whether more was kept back, which then waits for the next time. */
  drained(): boolean;
  /** Messages wait that nothing keeps back. */
  flooded(): void;
}

/**
 * Watches what waits for a socket. Engine.IO queues without limit, and does not tell how much: a message counts from its
 * making until the queue is handed over, which for a quick socket is the same moment.
 */
export function watchBacklog(outlet: Outlet, listener: BacklogListener): void {
  let bytes = 0;
  let messages = 0;
  let isReported = false;
  let isSlow = false;
  let isLooking = false;

  // Later: a listener would otherwise change rooms, and write, in the midst of a broadcast.
  function look(): void {
    if (isLooking) return;
    isLooking = true;
    queueMicrotask(() => {
      isLooking = false;
      if (bytes > MAX_WAITING_BYTES && !isReported) {
        isReported = true;
        isSlow = true;
        listener.slow();
      }
      if (messages > MAX_WAITING_MESSAGES) listener.flooded();
    });
  }

  outlet.on('packetCreate', ({ data }) => {
    bytes += MESSAGE_OVERHEAD_BYTES + (typeof data === 'string' ? data.length : 0);
    messages += 1;
    if (bytes > MAX_WAITING_BYTES) look();
  });
  outlet.on('drain', () => {
    bytes = 0;
    messages = 0;
    isReported = false;
    if (!isSlow) return;
    queueMicrotask(() => {
      isSlow = listener.drained();
    });
  });
}
