import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createGateway,
  createMemoryBroker,
  createPublisher,
  type Gateway,
  jwtAuthenticate,
  prometheusMetrics,
} from '@querycast/server';
import { positionHeader } from '@querycast/server/express';
import express from 'express';
import { createLogger } from '../../server/platform/dist/logger.js';
import { AUTH_SECRET } from '../support/platform-process.js';
import { newSheet } from '../written/record.js';
import { type CountersApi, createCountersApi, USER } from './counters-api.js';

/** A backend of the page, with a gateway of the library in the same process. */
export interface LibraryServer {
  readonly url: string;
  readonly api: CountersApi;
  readonly gateway: Gateway;
  /** Counts one more and tells the page; answers the count. */
  change(name: string): Promise<number>;
  /** Tells the page that queries went stale, whether they did or not. */
  tell(...keys: [string, ...string[]][]): Promise<void>;
  close(): Promise<void>;
}

/** Starts a backend. Tokens last `tokenLifeSeconds`, by default longer than any test. */
export async function startLibraryServer(pageFolder: string, tokenLifeSeconds = 3_600): Promise<LibraryServer> {
  const sheet = newSheet('log');
  const logger = createLogger({ level: 'trace', node: 'library', destination: sheet });
  const metrics = prometheusMetrics();
  const broker = createMemoryBroker();
  const publisher = createPublisher({ broker });
  const authenticate = jwtAuthenticate({ secret: AUTH_SECRET });
  const positions = positionHeader({ broker, roomsOf: () => [ROOM] });
  const api = createCountersApi({ authenticate, positions, tokenLifeSeconds });
  const tell: LibraryServer['tell'] = async (...keys) => {
    await publisher.invalidate({ rooms: [ROOM], keys });
  };
  api.onAdded((name) => void tell(['counter', name]));
  const httpServer = createServer(serving(pageFolder, api));
  const url = await listen(httpServer);
  const gateway = createGateway({
    broker,
    authenticate,
    roomsOf: ({ id }) => [`user:${id}`],
    // Sockets may come by another way than the page: `?gateway=`.
    allowedOrigins: [url],
    logger,
    metrics,
  }).attach(httpServer);

  return {
    url,
    api,
    gateway,
    async change(name) {
      const count = api.add(name);
      await tell(['counter', name]);
      return count;
    },
    tell,
    async close() {
      await gateway.close();
      await end(httpServer);
      await broker.close();
      newSheet('metrics').write(await metrics.text());
    },
  };
}

/** The room of everybody who is logged in here. */
export const ROOM = `user:${USER}` as const;

/** An Express app of the page and its API. */
export function serving(pageFolder: string, api: CountersApi): RequestListener {
  return express().use('/api', api.router).use(express.static(pageFolder));
}

/** Serves on a free port of 127.0.0.1; answers the address. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends a server and what is connected to it. */
export async function end(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
