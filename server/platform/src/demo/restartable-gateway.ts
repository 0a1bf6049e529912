import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gateway } from '@querycast/server';

/** A gateway that can be restarted in its process while everything else goes on; as any other one otherwise. */
export interface RestartableGateway extends Gateway {
  /** Answers HTTP requests: those of the gateway's own path, then whatever is behind it. */
  readonly answer: RequestListener;
  /**
   * Closes the gateway with all its sockets, stays away for `awayMs` and opens a new one that knows nothing of the old.
   * Resolves once it is there; `undefined` while another restart is under way, and after the end. Rejects when the old one
   * could not be closed, which keeps no new one away, and when there is no new one: another restart is another attempt.
   */
  restart(awayMs: number): Promise<void> | undefined;
}

/** Settings of {@link createRestartableGateway}. */
export interface RestartableGatewayOptions {
  /** Passes its requests to `answer`. */
  readonly httpServer: HttpServer;
  /** Answers what is not the gateway's. */
  readonly behind: RequestListener;
  /** A new gateway each time. */
  readonly make: () => { attach(httpServer: HttpServer): Gateway };
  /** Where clients of the gateway connect; default `/socket.io`. */
  readonly path?: string;
}

/**
 * Creates the first gateway. Each one is attached to a door of its own, a server that never listens and is handed what
 * the real one receives: a gateway leaves its listeners behind on the server it was attached to.
 */
export function createRestartableGateway(options: RestartableGatewayOptions): RestartableGateway {
  const { httpServer, behind, make, path = '/socket.io' } = options;
  const end = new AbortController();
  let door = createServer(behind);
  let gateway = make().attach(door);
  let restarting: Promise<void> | undefined;

  httpServer.on('upgrade', (request, socket: Duplex, head) => {
    const isHeard = door.emit('upgrade', request, socket, head);
    if (!isHeard && request.url?.startsWith(path)) socket.destroy();
  });

  async function replace(awayMs: number): Promise<void> {
    // Answers meanwhile for the one that is gone.
    door = createServer(behind);
    try {
      await gateway.close();
    } finally {
      // It rejects only when the end cuts it short, which is asked about next.
      await sleep(awayMs, undefined, { signal: end.signal }).catch(() => {});
      if (!end.signal.aborted) gateway = make().attach(door);
    }
  }

  return {
    answer: (request, response) => void door.emit('request', request, response),
    restart(awayMs) {
      if (restarting || end.signal.aborted) return undefined;
      restarting = replace(awayMs).finally(() => {
        restarting = undefined;
      });
      return restarting;
    },
    evict: (target, code) => gateway.evict(target, code),
    recheck: (target) => gateway.recheck(target),
    recheckHere: (target) => gateway.recheckHere(target),
    sessions: () => gateway.sessions(),
    isReady: () => gateway.isReady(),
    drain: (withinMs) => gateway.drain(withinMs),
    async close() {
      end.abort();
      // Whoever asked for the restart was told how it failed; all that matters here is that it is over.
      await restarting?.catch(() => {});
      await gateway.close();
    },
  };
}
