import type { RequestHandler } from 'express';
import { HttpError } from './errors.js';

/**
 * Lets through what pages of this platform or of the listed origins send, and programs that are no browser. What belongs
 * to a page of somebody else is refused with 403 `origin_refused`: a browser may add a cookie that the page knows nothing
 * of. `SameSite` keeps other sites from that, but not a neighbour under the same domain.
 */
export function ownPagesOnly(allowedOrigins: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next();
    const { origin, host } = request.headers;
    const site = request.headers['sec-fetch-site'];
    if (!isOwn({ origin, host, site: String(site ?? '') }, allowedOrigins)) {
      throw new HttpError(403, 'origin_refused', 'Pages of this origin may not do this.');
    }
    next();
  };
}

/** What a browser says of a request. */
interface Provenance {
  readonly origin: string | undefined;
  readonly host: string | undefined;
  /** `Sec-Fetch-Site`, which no page can write; empty from programs, from old browsers, and over plain http. */
  readonly site: string;
}

function isOwn({ origin, host, site }: Provenance, allowedOrigins: readonly string[]): boolean {
  if (origin !== undefined && allowedOrigins.includes(origin)) return true;
  // Knows scheme and port as well, also where a proxy changed the host.
  if (site !== '') return site === 'same-origin' || site === 'none';
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
