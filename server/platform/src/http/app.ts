import { personRoom } from '@querycast/platform-protocol';
import type { Broker, Logger, PrometheusMetrics, Publisher } from '@querycast/server';
import { healthRoutes, type PublishToken, positionHeader, publishRoutes } from '@querycast/server/express';
import express, { type Express, type RequestHandler } from 'express';
import { mount } from '../access/mount.js';
import type { WriteOptions } from '../access/write-options.js';
import { createPasswordCheck } from '../attempts/password-check.js';
import type { DashboardCacheManager } from '../cache/dashboard-cache-manager.js';
import { liveReads } from '../dashboards/live-reads.js';
import { readRoutes } from '../dashboards/read-routes.js';
import type { Database } from '../db/database.js';
import { enrollmentRoutes } from '../enrollments/enrollment-routes.js';
import { materialRoutes } from '../materials/material-routes.js';
import { progressRoutes } from '../materials/progress-routes.js';
import { adminRoutes } from '../people/admin-routes.js';
import { passwordRoutes } from '../people/password-routes.js';
import { profileRoutes } from '../people/profile-routes.js';
import { studentReportRoutes } from '../reports/student-report-routes.js';
import { teacherWeeklyReportRoutes } from '../reports/teacher-weekly-report-routes.js';
import { tutorWeeklyReportRoutes } from '../reports/tutor-weekly-report-routes.js';
import type { AuthenticateViewer } from '../sessions/authenticate-session.js';
import { SECURE_COOKIES } from '../sessions/refresh-cookie.js';
import { sessionRoutes } from '../sessions/session-routes.js';
import { studentRoutes } from '../students/student-routes.js';
import { studyPlanRoutes } from '../study-plans/study-plan-routes.js';
import { subjectRoutes } from '../subjects/subject-routes.js';
import { TRUSTED_PROXIES } from './client-address.js';
import { errorHandler, notFound } from './errors.js';
import { ownPagesOnly } from './own-pages.js';
import { pages } from './pages.js';
import { allowOrigins, securityHeaders } from './security.js';
import { requireViewer, viewerOf } from './viewer.js';

/** Everything the HTTP side stands on. */
export interface AppOptions {
  readonly db: Database;
  readonly cache: DashboardCacheManager;
  readonly broker: Broker;
  readonly publisher: Publisher;
  readonly authenticate: AuthenticateViewer;
  readonly secret: string;
  readonly publishTokens: readonly (string | PublishToken)[];
  readonly allowedOrigins: readonly string[];
  /** Whether cookies are for TLS only, but on loopback. */
  readonly secureCookies: boolean;
  /** What `/api/demo` answers; absent without demo data. */
  readonly demo: express.Router | undefined;
  readonly pagesFolder: string;
  /** Named conditions of `/readyz`; each throws or rejects while it is not met. */
  readonly checks: Readonly<Record<string, () => unknown>>;
  /** Closes the sockets of a session that ended. */
  readonly evict: (sessionId: string) => void;
  /** Closes the sockets of somebody whose account was deactivated. */
  readonly evictUser: (userId: number) => void;
  /** Looks again at what somebody may see, once it was committed that this is something else. */
  readonly recheckUser: (userId: number) => void;
  readonly committed: WriteOptions['committed'];
  readonly clock: () => number;
  readonly logger: Logger;
  readonly metrics: PrometheusMetrics;
}

/** Largest body the API reads: a long text in a script of three bytes a letter. */
const MAX_BODY = '64kb';

/**
 * Builds the Express application: health, the publisher's door, the API, then the pages. Health and metrics are open to
 * whoever reaches the port: `/metrics` names no person, but tells how much goes on. Where the port is public, the proxy
 * in front must keep `/metrics` to itself.
 */
export function createApp(options: AppOptions): Express {
  const { publisher, publishTokens, checks, logger, metrics } = options;
  const app = express();
  app.disable('x-powered-by');
  // A response that answers a live query must never be a 304 with another response's position.
  app.disable('etag');
  // Only a proxy on this machine or in a private network may say that the request came over https.
  app.set('trust proxy', TRUSTED_PROXIES);
  app.set(SECURE_COOKIES, options.secureCookies);
  app.use(securityHeaders());
  app.use(healthRoutes({ checks, prometheus: metrics, logger }));
  app.use(publishRoutes({ publisher, tokens: publishTokens, logger, metrics }));
  app.use('/api', allowOrigins(options.allowedOrigins), neverStored);
  app.use('/api/auth', ownPagesOnly(options.allowedOrigins));
  app.use('/api', express.json({ limit: MAX_BODY }));
  if (options.demo) app.use('/api/demo', options.demo);
  app.use(api(options));
  app.use('/api', () => {
    throw notFound();
  });
  app.use(pages(options.pagesFolder));
  app.use(() => {
    throw notFound();
  });
  app.use(errorHandler(logger));
  return app;
}

function api(options: AppOptions): express.Router {
  const { db, cache, broker, authenticate, logger, metrics } = options;
  const livePaths: ReadonlySet<string> = new Set(liveReads.map(({ endpoint }) => endpoint));
  const checkPassword = createPasswordCheck(options);
  const handlers = {
    ...sessionRoutes({ ...options, checkPassword }),
    ...subjectRoutes(db),
    ...readRoutes({ db, cache }),
    ...enrollmentRoutes(options),
    ...studyPlanRoutes(options),
    ...materialRoutes(options),
    ...progressRoutes(options),
    ...tutorWeeklyReportRoutes(options),
    ...teacherWeeklyReportRoutes(options),
    ...studentReportRoutes(options),
    ...studentRoutes(options),
    ...profileRoutes(options),
    ...passwordRoutes({ ...options, checkPassword }),
    ...adminRoutes(options),
  };
  return mount(handlers, {
    db,
    viewer: requireViewer(authenticate),
    beforeRead: positionHeader({ broker, roomsOf: ownRoom, logger, metrics }),
    isLive: (endpoint) => livePaths.has(endpoint),
  });
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
