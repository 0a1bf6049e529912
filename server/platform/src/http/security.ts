import cors from 'cors';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

const HOST = /^[A-Za-z0-9.:[\]-]{1,260}$/;

/** How long a browser that came over https comes back over https only, in seconds: half a year. */
const HTTPS_ONLY_SECONDS = 180 * 24 * 3_600;

/** What no page of the platform needs, and no script in one may ask for. */
const NEVER_USED = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'];

/**
 * Headers that keep a page to itself: scripts only from this server, no inline ones, no framing. Sockets are named by
 * host because not every browser counts `ws:` as `'self'`.
 */
export function securityHeaders(): RequestHandler {
  const always = helmet({
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
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  });
  // Over plain http browsers ignore the first and complain of the second.
  const overTls = [
    helmet.strictTransportSecurity({ maxAge: HTTPS_ONLY_SECONDS, includeSubDomains: false }),
    helmet.crossOriginOpenerPolicy(),
  ];
  const policy = NEVER_USED.map((feature) => `${feature}=()`).join(', ');
  return (request, response, next) => {
    response.set('Permissions-Policy', policy);
    if (request.secure) for (const set of overTls) set(request, response, ignored);
    always(request, response, next);
  };
}

/** These only set a header, and go on at once. */
function ignored(): void {}

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
