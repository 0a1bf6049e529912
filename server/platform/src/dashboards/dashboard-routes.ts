import { type RequestHandler, Router } from 'express';
import { isChildOf } from '../access.js';
import type { DashboardCacheManager } from '../cache/dashboard-cache-manager.js';
import {
  childSubjectsEntry,
  parentChildrenEntry,
  parentDashboardEntry,
  tutorStudentsEntry,
} from '../cache/dashboard-entries.js';
import type { Database } from '../db/database.js';
import { notFound } from '../http/errors.js';
import { parseId } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { readChildSubjects, readParentChildren, readParentDashboard } from './parent-reads.js';
import { readTutorStudents } from './tutor-reads.js';

/** What the reads need. */
export interface DashboardRoutesOptions {
  readonly db: Database;
  readonly cache: DashboardCacheManager;
  /**
   * Writes the position of the viewer's room into the response. It runs, and ends, before a read begins: an older
   * position only costs a refetch, a newer one would hide a change.
   */
  readonly position: RequestHandler;
}

/** `/api/parent`: what a parent sees. */
export function parentReadRoutes({ db, cache, position }: DashboardRoutesOptions): Router {
  const router = Router();

  router.get('/dashboard', position, async (request, response) => {
    const { id, name } = viewerOf(request);
    response.json(await cache.getOrCompute(parentDashboardEntry(id), () => readParentDashboard(db, { id, name })));
  });

  router.get('/children', position, async (request, response) => {
    const { id } = viewerOf(request);
    response.json(await cache.getOrCompute(parentChildrenEntry(id), () => readParentChildren(db, id)));
  });

  router.get('/children/:childId/subjects', position, async (request, response) => {
    const { id } = viewerOf(request);
    const childId = parseId(request.params['childId']);
    if (!(await isChildOf(db, id, childId))) throw notFound();
    response.json(await cache.getOrCompute(childSubjectsEntry(id, childId), () => readChildSubjects(db, childId)));
  });

  return router;
}

/** `/api/tutor`: what a tutor sees. */
export function tutorReadRoutes({ db, cache, position }: DashboardRoutesOptions): Router {
  const router = Router();

  router.get('/students', position, async (request, response) => {
    const { id } = viewerOf(request);
    response.json(await cache.getOrCompute(tutorStudentsEntry(id), () => readTutorStudents(db, id)));
  });

  return router;
}
