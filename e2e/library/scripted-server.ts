import { createServer } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Invalidate, Position, Ready } from '@querycast/protocol';
import { POSITION_HEADER } from '@querycast/protocol';
import { jwtAuthenticate } from '@querycast/server';
import { Server as SocketServer } from 'socket.io';
import { AUTH_SECRET } from '../support/platform-process.js';
import { type CountersApi, createCountersApi } from './counters-api.js';
import { end, listen, ROOM, serving } from './server.js';

/** A backend of the page that speaks the protocol itself: a gateway would merge what comes close together. */
export interface ScriptedServer {
  readonly url: string;
  readonly api: CountersApi;
  /** Counts one more and sends a frame of its own for it; answers the count. */
  change(name: string): number;
  /** So many changes of these counters by turns, evenly within so many milliseconds; answers how many it took in the end. */
  burst(names: readonly string[], frames: number, withinMs: number): Promise<number>;
  close(): Promise<void>;
}

/** Options of {@link startScriptedServer}. */
export interface ScriptedOptions {
  /** Whether answers carry the position header. */
  readonly sendsPositions: boolean;
}

/** Starts a backend whose answers say their position or do not. */
export async function startScriptedServer(
  pageFolder: string,
  { sendsPositions }: ScriptedOptions,
): Promise<ScriptedServer> {
  let offset = 0;
  const position = (): Position => `scripted:${offset}`;
  const api = createCountersApi({
    authenticate: jwtAuthenticate({ secret: AUTH_SECRET }),
    positions: (_req, res, next) => {
      if (sendsPositions) res.set(POSITION_HEADER, `${ROOM}=${position()}`);
      next();
    },
    tokenLifeSeconds: 3_600,
  });
  const httpServer = createServer(serving(pageFolder, api));
  const io = new SocketServer(httpServer, { transports: ['websocket'], serveClient: false });
  io.on('connection', (socket) => {
    const ready: Ready = {
      protocol: 1,
      session: socket.id,
      node: 'scripted',
      live: true,
      heartbeatMs: 25_000,
      rooms: [{ room: ROOM, position: position(), status: 'fresh', keys: [] }],
    };
    socket.emit('ready', ready);
  });

  function change(name: string): number {
    const prev = position();
    offset += 1;
    const count = api.add(name);
    const frame: Invalidate = { room: ROOM, prev, position: position(), keys: [['counter', name]], at: Date.now() };
    io.emit('invalidate', frame);
    return count;
  }

  return {
    url: await listen(httpServer),
    api,
    change,
    async burst(names, frames, withinMs) {
      const startedAt = performance.now();
      for (let sent = 0; sent < frames; ) {
        // In between the server answers, as one with other work to do would.
        await nextTurn();
        const due = Math.min(frames, Math.ceil(((performance.now() - startedAt) / withinMs) * frames));
        for (; sent < due; sent += 1) change(names[sent % names.length] ?? '');
      }
      return performance.now() - startedAt;
    },
    async close() {
      io.disconnectSockets(true);
      await end(httpServer);
    },
  };
}
