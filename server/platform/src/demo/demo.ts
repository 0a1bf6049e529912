import type { Server as HttpServer } from 'node:http';
import type { Authenticate, Logger, Recheck } from '@querycast/server';
import type { Router } from 'express';
import type { SocketAdapter } from '../compose/backends.js';
import type { Database } from '../db/database.js';
import { conflict, type HttpError } from '../http/errors.js';
import type { AuthenticateViewer } from '../sessions/authenticate-session.js';
import { type ChangesOptions, createChanges } from './changes.js';
import { findDemoPeople } from './demo-people.js';
import { demoRoutes } from './demo-routes.js';
import { attachHandWritten, type HandWritten } from './hand-written.js';
import type { RestartableGateway } from './restartable-gateway.js';
import { createTrail, type Trail } from './trail.js';

/** For how long the gateway is away when it is restarted, in milliseconds: about as long as a process takes to start. */
const AWAY_MS = 2_000;

/** How long it stays then, whoever asks: everybody's pages go through it, in milliseconds. */
const COOL_DOWN_MS = 10_000;

/** Settings of {@link createDemo}. */
export interface DemoOptions {
  readonly db: Database;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** What a server with demo data has besides: the comparison, the trail, and what the buttons of `/demo` ask for. */
export interface Demo {
  readonly trail: Trail;
  /** Serves the comparison and the trail on an HTTP server. */
  attach(
    httpServer: HttpServer,
    rights: { readonly authenticate: Authenticate; readonly recheck: Recheck },
    adapter: SocketAdapter | undefined,
  ): Pick<HandWritten, 'changed' | 'evict' | 'recheck' | 'close'>;
  /** `/api/demo`; after `attach`. */
  routes(options: DemoDoings): Router;
}

/** What the demo does things with. */
export interface DemoDoings {
  readonly authenticate: AuthenticateViewer;
  readonly tell: ChangesOptions['tell'];
  /** Absent where it cannot be restarted. */
  readonly gateway: RestartableGateway | undefined;
}

/** Creates the demo of a database that has its demo people. Rejects as the database does. */
export async function createDemo({ db, logger, clock }: DemoOptions): Promise<Demo> {
  const people = await findDemoPeople(db);
  let handWritten: HandWritten | undefined;
  let backAt = Number.NEGATIVE_INFINITY;
  const trail = createTrail({ rooms: people.rooms, tell: (told) => handWritten?.travelled(told) });

  /** The same fault for both that are compared, for the same time. */
  async function restart(gateway: RestartableGateway): Promise<void> {
    const sinceMs = clock() - backAt;
    if (sinceMs >= 0 && sinceMs < COOL_DOWN_MS) throw tooSoon(COOL_DOWN_MS - sinceMs);
    const restarted = gateway.restart(AWAY_MS);
    if (!restarted) throw conflict('The gateway is being restarted already.');
    handWritten?.setAway(true);
    try {
      await restarted;
      backAt = clock();
    } finally {
      handWritten?.setAway(false);
    }
  }

  return {
    trail,
    attach(httpServer, rights, adapter) {
      handWritten = attachHandWritten(httpServer, { ...rights, people, adapter, clock, logger });
      return handWritten;
    },
    routes({ authenticate, tell, gateway }) {
      const changes = createChanges({ db, tell });
      const restartGateway = gateway && (() => restart(gateway));
      return demoRoutes({ db, authenticate, people, changes, restartGateway, logger });
    },
  };
}

function tooSoon(waitMs: number): HttpError {
  return conflict(`The gateway was restarted just now. It can be restarted again in ${Math.ceil(waitMs / 1_000)} s.`);
}
