import { type RequestHandler, Router } from 'express';
import type { Database } from '../db/database.js';
import { parseId } from '../http/validation.js';
import { requireRole, viewerOf } from '../http/viewer.js';
import { ENDPOINTS, type Endpoint } from './endpoints.js';
import { requireRelation } from './relations.js';

/** What answers each endpoint, by `<method> <path>`. */
export type Handlers<Some extends Endpoint = Endpoint> = Readonly<Record<Some, RequestHandler>>;

/** Settings of {@link mount}. */
export interface MountOptions {
  readonly db: Database;
  /** Lets a request with a good token through and knows its viewer then. */
  readonly viewer: RequestHandler;
  /**
   * Runs, and ends, before rights are checked and anything is read, at endpoints that answer live queries: what it notes
   * must be no newer than the answer, a refusal included.
   */
  readonly beforeRead: RequestHandler;
  readonly isLive: (endpoint: Endpoint) => boolean;
}

/** Mounts every endpoint below the rule it has in the table. */
export function mount(handlers: Handlers, { db, viewer, beforeRead, isLive }: MountOptions): Router {
  const router = Router();
  for (const [endpoint, handler] of Object.entries(handlers) as [Endpoint, RequestHandler][]) {
    const { method, path } = parseEndpoint(endpoint);
    const { roles, of } = ENDPOINTS[endpoint];
    const guards: RequestHandler[] = [];
    if (roles) guards.push(viewer, requireRole(roles));
    if (isLive(endpoint)) guards.push(beforeRead);
    if (of) {
      const name = firstParameter(path);
      guards.push(async (request, _response, next) => {
        await requireRelation(db, of, viewerOf(request).id, parseId(request.params[name]));
        next();
      });
    }
    router[method](path, ...guards, handler);
  }
  return router;
}

/** The parts of an endpoint, e.g. `{ method: 'get', path: '/api/subjects' }`. */
export function parseEndpoint(endpoint: Endpoint) {
  const [method = '', path = ''] = endpoint.split(' ');
  return { method: method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete', path };
}

function firstParameter(path: string): string {
  const name = /:(\w+)/.exec(path)?.[1];
  if (name === undefined) throw new Error(`a rule of ${path} is about an id, but its path has none`);
  return name;
}
