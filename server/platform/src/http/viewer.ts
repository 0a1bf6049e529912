import type { Role } from '@querycast/platform-protocol';
import { AuthenticationError } from '@querycast/server';
import type { Request, RequestHandler } from 'express';
import type { AuthenticateViewer, Viewer } from '../sessions/authenticate-session.js';
import { forbidden, unauthenticated } from './errors.js';

const viewers = new WeakMap<object, Viewer>();

/** The access token of a request, when it carries one. */
export function bearerToken(request: Pick<Request, 'headers'>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/**
 * Lets a request through when its access token is good; answers 401 with `unauthenticated` or the token's code. Routes
 * guard themselves, whatever is mounted above them: who has passed one guard is not asked again.
 */
export function requireViewer(authenticate: AuthenticateViewer): RequestHandler {
  return async (request, _response, next) => {
    if (viewers.has(request)) return next();
    const token = bearerToken(request);
    if (token === undefined) throw unauthenticated();
    try {
      viewers.set(request, await authenticate(token));
    } catch (error) {
      if (!(error instanceof AuthenticationError)) throw error;
      throw unauthenticated(error.code, 'Your session is over: log in again.');
    }
    next();
  };
}

/** Lets a request through when its viewer has one of the roles; answers 403. */
export function requireRole(roles: readonly Role[]): RequestHandler {
  return (request, _response, next) => {
    if (!roles.includes(viewerOf(request).role)) throw forbidden();
    next();
  };
}

/** The viewer of a request behind {@link requireViewer}. Throws when there is none: the route was wired wrongly. */
export function viewerOf(request: object): Viewer {
  const viewer = viewers.get(request);
  if (!viewer) throw new Error('a route asked for its viewer without requiring one');
  return viewer;
}
