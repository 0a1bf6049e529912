import { personRoom } from '@querycast/platform-protocol';
import type { Broker, Logger, PrometheusMetrics, Publisher } from '@querycast/server';
import { healthRoutes, positionHeader, publishRoutes } from '@querycast/server/express';
import express, { type Express, type RequestHandler } from 'express';
import { ACCESS } from '../access.js';
import type { DashboardCacheManager } from '../cache/dashboard-cache-manager.js';
import { parentReadRoutes, tutorReadRoutes } from '../dashboards/dashboard-routes.js';
import type { Database } from '../db/database.js';
import { demoRoutes } from '../demo/demo-routes.js';
import { enrollmentRoutes } from '../enrollments/enrollment-routes.js';
import type { AuthenticateViewer } from '../sessions/authenticate-session.js';
import { sessionRoutes } from '../sessions/session-routes.js';
import { subjectRoutes } from '../subjects/subject-routes.js';
import { errorHandler, notFound } from './errors.js';
import { pages } from './pages.js';
import { allowOrigins, securityHeaders } from './security.js';
import { requireRole, requireViewer, viewerOf } from './viewer.js';

/** Everything the HTTP side stands on. */
export interface AppOptions {
  readonly db: Database;
  readonly cache: DashboardCacheManager;
  readonly broker: Broker;
  readonly publisher: Publisher;
  readonly authenticate: AuthenticateViewer;
  readonly secret: string;
  readonly publishToken: string;
  readonly allowedOrigins: readonly string[];
  readonly demoData: boolean;
  readonly pagesFolder: string;
  /** Named conditions of `/readyz`; each throws or rejects while it is not met. */
  readonly checks: Readonly<Record<string, () => unknown>>;
  /** Closes the sockets of a session that ended. */
  readonly evict: (sessionId: string) => void;
  /** Called after the commit of every change of a student's subjects. */
  readonly committed: (parentId: number | null) => void;
  readonly clock: () => number;
  readonly logger: Logger;
  readonly metrics: PrometheusMetrics;
}

/** Largest body the API reads; its own are a few dozen bytes. */
const MAX_BODY = '16kb';

/**
 * Builds the Express application: health, the publisher's door, the API, then the pages. Health and metrics are open to
 * whoever reaches the port: `/metrics` names no person, but tells how much goes on. Where the port is public, the proxy
 * in front must keep `/metrics` to itself.
 */
export function createApp(options: AppOptions): Express {
  const { publisher, publishToken, checks, logger, metrics } = options;
  const app = express();
  app.disable('x-powered-by');
  // A response that answers a live query must never be a 304 with another response's position.
  app.disable('etag');
  // Only a proxy on this machine or in a private network may say that the request came over https.
  app.set('trust proxy', ['loopback', 'linklocal', 'uniquelocal']);
  app.use(securityHeaders());
  app.use(healthRoutes({ checks, prometheus: metrics, logger }));
  app.use(publishRoutes({ publisher, tokens: [publishToken], logger, metrics }));
  app.use('/api', allowOrigins(options.allowedOrigins), neverStored, express.json({ limit: MAX_BODY }), api(options));
  app.use(pages(options.pagesFolder));
  app.use(() => {
    throw notFound();
  });
  app.use(errorHandler(logger));
  return app;
}

function api(options: AppOptions): express.Router {
  const { db, cache, broker, authenticate, secret, evict, committed, clock, logger, metrics } = options;
  const viewer = requireViewer(authenticate);
  const position = positionHeader({ broker, roomsOf: ownRoom, logger, metrics });
  const reads = { db, cache, position };

  const router = express.Router();
  router.use('/auth', sessionRoutes({ db, secret, authenticate, evict, clock, logger }));
  if (options.demoData) router.use('/demo', demoRoutes());
  router.use('/parent', viewer, requireRole(ACCESS.parentReads), parentReadRoutes(reads));
  const tutor = [viewer, requireRole(ACCESS.tutorStudents)];
  router.use('/tutor/students', tutor, enrollmentRoutes({ db, cache, logger, committed }));
  router.use('/tutor', tutor, tutorReadRoutes(reads));
  router.use('/subjects', viewer, requireRole(ACCESS.subjects), subjectRoutes(db));
  router.use(() => {
    throw notFound();
  });
  return router;
}

function ownRoom(request: object) {
  const { role, id } = viewerOf(request);
  return [personRoom(role, id)];
}

/** Answers are one person's and of one moment. */
const neverStored: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
