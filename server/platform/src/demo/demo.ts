import type { Server as HttpServer } from 'node:http';
import type { Logger } from '@querycast/server';
import type { SqlPool } from '@querycast/server/postgres';
import type { Router } from 'express';
import type { WriteOptions } from '../access/write-options.js';
import type { SocketAdapter } from '../compose/backends.js';
import type { Database } from '../db/database.js';
import type { AuthenticateViewer } from '../sessions/authenticate-session.js';
import { createChanges } from './changes.js';
import { findDemoPeople } from './demo-people.js';
import { demoRoutes } from './demo-routes.js';
import { attachHandWritten, type HandWritten } from './hand-written.js';
import type { RestartableGateway } from './restartable-gateway.js';
import { createTrail, type Trail } from './trail.js';

/** For how long the gateway is away when it is restarted, in milliseconds: about as long as a process takes to start. */
const AWAY_MS = 2_000;

/** Settings of {@link createDemo}. */
export interface DemoOptions {
  readonly db: Database;
  readonly pool: SqlPool;
  readonly logger: Logger;
}

/** What a server with demo data has besides: the comparison, the trail, and what the buttons of `/demo` ask for. */
export interface Demo {
  readonly trail: Trail;
  /** Serves the comparison and the trail on an HTTP server. */
  attach(
    httpServer: HttpServer,
    authenticate: AuthenticateViewer,
    adapter: SocketAdapter | undefined,
  ): Pick<HandWritten, 'changed' | 'close'>;
  /** `/api/demo`; after `attach`. */
  routes(options: DemoDoings): Router;
}

/** What the demo does things with. */
export interface DemoDoings {
  readonly authenticate: AuthenticateViewer;
  readonly committed: WriteOptions['committed'];
  /** Absent where it cannot be restarted. */
  readonly gateway: RestartableGateway | undefined;
}

/** Creates the demo of a database that has its demo people. Rejects as the database does. */
export async function createDemo({ db, pool, logger }: DemoOptions): Promise<Demo> {
  const people = await findDemoPeople(db);
  let handWritten: HandWritten | undefined;
  const trail = createTrail({ pool, rooms: people.rooms, tell: (told) => handWritten?.travelled(told), logger });

  /** The same fault for both that are compared, for the same time. */
  async function restart(gateway: RestartableGateway): Promise<boolean> {
    const restarted = gateway.restart(AWAY_MS);
    if (!restarted) return false;
    handWritten?.setAway(true);
    await restarted;
    handWritten?.setAway(false);
    return true;
  }

  return {
    trail,
    attach(httpServer, authenticate, adapter) {
      handWritten = attachHandWritten(httpServer, { authenticate, people, adapter });
      return handWritten;
    },
    routes({ authenticate, committed, gateway }) {
      const changes = createChanges({ db, committed });
      const restartGateway = gateway && (() => restart(gateway));
      return demoRoutes({ db, authenticate, people, changes, restartGateway, logger });
    },
  };
}
