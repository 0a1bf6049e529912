import type {
  ApiError,
  DemoAccount,
  DemoCapabilities,
  DemoChangesLine,
  ParentDashboard,
} from '@querycast/platform-protocol';
import type { Logger } from '@querycast/server';
import { type RequestHandler, Router } from 'express';
import { readParentDashboard } from '../dashboards/parent-reads.js';
import type { Database } from '../db/database.js';
import { DEMO_PEOPLE } from '../db/demo-data.js';
import { forbidden } from '../http/errors.js';
import { requireViewer, viewerOf } from '../http/viewer.js';
import type { AuthenticateViewer } from '../sessions/authenticate-session.js';
import { CHANGES, type Changes } from './changes.js';
import type { DemoPeople } from './demo-people.js';

/** The demo people as the log-in page offers them. */
export const demoAccounts: readonly DemoAccount[] = DEMO_PEOPLE.map(({ email, firstName, lastName, role, note }) => ({
  email,
  name: `${firstName} ${lastName}`,
  role,
  note,
}));

/** Settings of {@link demoRoutes}. */
export interface DemoRoutesOptions {
  readonly db: Database;
  readonly authenticate: AuthenticateViewer;
  readonly people: DemoPeople;
  readonly changes: Changes;
  /** Restarts the gateway; throws a 409 while that is under way or was just now. Absent where it cannot be restarted. */
  readonly restartGateway?: (() => Promise<void>) | undefined;
  readonly logger: Logger;
}

/** `/api/demo`: only mounted with demo data. What does something asks for somebody of the demo. */
export function demoRoutes(options: DemoRoutesOptions): Router {
  const { db, authenticate, people, changes, restartGateway, logger } = options;
  const router = Router();
  const demoPerson: RequestHandler[] = [requireViewer(authenticate), requireDemoPerson(people)];

  router.get('/accounts', (_request, response) => {
    response.json(demoAccounts);
  });

  router.get('/capabilities', (_request, response) => {
    response.json({ restartGateway: restartGateway !== undefined } satisfies DemoCapabilities);
  });

  // Past every cache: what the demo's panes are measured against must not depend on what it measures.
  router.get('/dashboard', ...demoPerson, async (request, response) => {
    const { id, role } = viewerOf(request);
    if (role !== 'parent') throw forbidden();
    response.json((await readParentDashboard(db, id)) satisfies ParentDashboard);
  });

  router.post('/changes', ...demoPerson, async (_request, response) => {
    let made = 0;
    const write = (line: DemoChangesLine) => response.write(`${JSON.stringify(line)}\n`);
    try {
      await changes.run((done) => {
        // Written, and so answered as 200, only once the run has not been refused.
        if (!response.headersSent) response.type('text/plain');
        made = done;
        write({ done, of: CHANGES });
      });
      logger.debug({ changes: CHANGES }, 'changes of the demo made');
    } catch (error) {
      if (!response.headersSent) throw error;
      logger.error({ err: error, made }, 'changes of the demo broke off');
      write(brokeOff(made));
    }
    response.end();
  });

  if (restartGateway) {
    router.post('/restart-gateway', ...demoPerson, async (_request, response) => {
      await restartGateway();
      response.status(204).end();
    });
  }
  return router;
}

function brokeOff(made: number): ApiError {
  const message = `The server had a problem after at least ${made} of ${CHANGES} changes. Try again in a moment.`;
  return { error: { code: 'broke_off', message } };
}

function requireDemoPerson(people: DemoPeople): RequestHandler {
  return (request, _response, next) => {
    if (!people.has(viewerOf(request).id)) throw forbidden();
    next();
  };
}
