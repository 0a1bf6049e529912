import cors from 'cors';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

const HOST = /^[A-Za-z0-9.:[\]-]{1,260}$/;

/**
 * Headers that keep a page to itself: scripts only from this server, no inline ones, no framing. Sockets are named by
 * host because not every browser counts `ws:` as `'self'`.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'base-uri': ["'none'"],
        'connect-src': ["'self'", (request) => socketSources(request.headers.host)],
        'font-src': ["'self'", 'data:'],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        'img-src': ["'self'", 'data:'],
        'object-src': ["'none'"],
        'script-src': ["'self'"],
        // The component library sets its variables and dynamic sizes in style elements and attributes.
        'style-src': ["'self'", "'unsafe-inline'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // Whoever serves this over https decides that for the host; on plain http these two only break things.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  });
}

/** Lets pages of the listed origins, and no others, read what the API answers them. */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  return cors({
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type'],
    maxAge: 600,
  });
}

/** The host comes from the client: what is not a plain host name must not become part of a policy. */
function socketSources(host: string | undefined): string {
  return host !== undefined && HOST.test(host) ? `ws://${host} wss://${host}` : "'self'";
}
