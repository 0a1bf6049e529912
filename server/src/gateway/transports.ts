import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The raw connections of upgraded requests. */
export interface Transports {
  /** Waits until all are gone, at most `graceMs` milliseconds, then destroys what is left. */
  end(graceMs: number): Promise<void>;
}

/**
 * Keeps the raw connections of WebSockets below `path`: a client that went mute never answers the closing handshake, and
 * the HTTP server does not know upgraded connections any more.
 */
export function trackTransports(httpServer: HttpServer, path: string): Transports {
  const open = new Set<Duplex>();
  const track = (request: IncomingMessage, transport: Duplex) => {
    if (!request.url?.startsWith(path)) return;
    open.add(transport);
    transport.once('close', () => open.delete(transport));
  };
  httpServer.on('upgrade', track);

  return {
    async end(graceMs) {
      httpServer.off('upgrade', track);
      if (open.size === 0) return;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      const gone = [...open].map(
        (transport) => new Promise<void>((resolve) => transport.once('close', () => resolve())),
      );
      await Promise.race([late, Promise.all(gone)]);
      clearTimeout(timer);
      for (const transport of open) transport.destroy();
    },
  };
}
