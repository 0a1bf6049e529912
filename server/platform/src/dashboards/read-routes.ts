import type { RequestHandler } from 'express';
import { ENDPOINTS } from '../access/endpoints.js';
import type { Handlers } from '../access/mount.js';
import { requireRelation } from '../access/relations.js';
import type { DashboardCacheManager } from '../cache/dashboard-cache-manager.js';
import type { Database } from '../db/database.js';
import { parseId } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { type LiveEndpoint, liveReads, readOfEndpoint } from './live-reads.js';

/** What the reads need. */
export interface ReadRoutesOptions {
  readonly db: Database;
  readonly cache: DashboardCacheManager;
}

/** Answers every live read through the cache, to whoever may have it. */
export function readRoutes({ db, cache }: ReadRoutesOptions): Handlers<LiveEndpoint> {
  const answerOf =
    (endpoint: LiveEndpoint): RequestHandler =>
    async (request, response) => {
      const { id, role } = viewerOf(request);
      const read = readOfEndpoint(role, endpoint);
      // The rule of the endpoint let the role through.
      if (!read) throw new Error(`${endpoint} answers nothing to a ${role}`);
      const studentId = read.isAboutStudent ? parseId(Object.values(request.params)[0]) : 0;
      const json = await cache.getOrComputeJson(read.entry(id, studentId), () => read.compute(db, id, studentId));
      // Asked once more: it may have taken a while, in which the student went to somebody else.
      const { of } = ENDPOINTS[endpoint];
      if (of) await requireRelation(db, of, id, studentId);
      response.type('json').send(json);
    };
  const endpoints = liveReads.map(({ endpoint }) => endpoint);
  return Object.fromEntries(endpoints.map((endpoint) => [endpoint, answerOf(endpoint)])) as Handlers<LiveEndpoint>;
}
