import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** How long requests may take to finish once the server is closing, in milliseconds. */
const LAST_REQUESTS_MS = 1_000;

/** How long an upgraded socket may take to answer its close frame, in milliseconds; `ws` alone would wait for 30 s. */
const LAST_FRAMES_MS = 500;

/**
 * Watches an HTTP server from its beginning and answers how to end it: it stops listening, drops idle connections, and
 * cuts requests and upgraded sockets that do not end in time, at the latest after 1 s. The server cannot know its
 * upgraded sockets itself, and never closes while one is open. Works on a server that never listened.
 */
export function endable(httpServer: Server): () => Promise<void> {
  const upgraded = new Set<Duplex>();
  let closing: Promise<void> | undefined;

  httpServer.on('upgrade', (_request, socket) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    if (closing) socket.destroy();
  });

  async function end(): Promise<void> {
    const closed = new Promise<void>((resolve) => httpServer.close(() => resolve()));
    httpServer.closeIdleConnections();
    const sockets = setTimeout(() => {
      for (const socket of upgraded) socket.destroy();
    }, LAST_FRAMES_MS);
    const requests = setTimeout(() => httpServer.closeAllConnections(), LAST_REQUESTS_MS);
    await closed;
    clearTimeout(sockets);
    clearTimeout(requests);
  }

  return () => {
    closing ??= end();
    return closing;
  };
}
