import { type ErrorRequestHandler, json, type RequestHandler, type Response, Router } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { matchBearerTokens } from './bearer-tokens.js';
import { InvalidInvalidationError, PublishIncompleteError } from './publish-errors.js';
import { MAX_PUBLISH_BYTES } from './publish-size.js';
import type { Publisher } from './publisher.js';

/** Settings of {@link publishRoutes}. */
export interface PublishRoutesOptions {
  readonly publisher: Publisher;
  /** Shared secrets of the backends that may publish, to any room; several are valid at once. At least one. */
  readonly tokens: readonly string[];
  /** Publishes per second and token before 429; default 1,000. */
  readonly maxPerSecond?: number;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

type RefusalCode = 'unauthorized' | 'rate_limited' | 'too_large' | 'bad_request';

const STATUS = { unauthorized: 401, rate_limited: 429, too_large: 413, bad_request: 400 } as const satisfies Record<
  RefusalCode,
  number
>;

/**
 * Creates the HTTP door: `POST /v1/invalidations` with `Authorization: Bearer <publish token>`. Answers 202 with
 * `{ positions }`, else `{ error: { code, message, problems? } }`: 400, 401, 413, 429, or 503 with the positions of the
 * rooms that accepted. 403 stays free for tokens that are bound to some rooms. Throws a `TypeError` without a token.
 * Mount it before any body parser of the application, whose limit would apply instead.
 *
 * @example
 * app.use(publishRoutes({ publisher, tokens: [process.env.PUBLISH_TOKEN] }));
 */
export function publishRoutes(options: PublishRoutesOptions): Router {
  const { publisher, tokens, maxPerSecond = 1_000, logger = silentLogger, metrics = noMetrics } = options;
  const nameOfToken = matchBearerTokens(tokens);
  const limiter = new RateLimiterMemory({ points: maxPerSecond, duration: 1 });

  function refuse(response: Response, code: RefusalCode, message: string): void {
    metrics.count('publish_refused_total', { door: 'http', code });
    logger.warn({ door: 'http', code, rule: message }, 'publish refused');
    response.status(STATUS[code]).json({ error: { code, message } });
  }

  // Before the body is read: a stranger costs a hash, not a megabyte.
  const authenticate: RequestHandler = (request, response, next) => {
    const token = nameOfToken(request.headers.authorization);
    if (token !== undefined) {
      response.locals['publishToken'] = token;
      return next();
    }
    response.set('WWW-Authenticate', 'Bearer realm="querycast"');
    refuse(response, 'unauthorized', 'a valid publish token is needed: send it as "Authorization: Bearer <token>"');
  };

  const limit: RequestHandler = async (_request, response, next) => {
    try {
      await limiter.consume(String(response.locals['publishToken']));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      response.set('Retry-After', String(Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000))));
      refuse(response, 'rate_limited', `at most ${maxPerSecond} publishes per second: join rooms and keys into fewer`);
      return;
    }
    next();
  };

  const requireJson: RequestHandler = (request, response, next) => {
    if (request.is('application/json')) return next();
    refuse(response, 'bad_request', 'the body must be JSON, sent with "Content-Type: application/json"');
  };

  const publish: RequestHandler = async (request, response) => {
    const { positions } = await publisher.invalidate(request.body, { door: 'http' });
    response.status(202).json({ positions });
  };

  // The publisher has logged and counted its own two errors.
  const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof InvalidInvalidationError) {
      const message = 'the invalidation was refused and changed nothing';
      response.status(400).json({ error: { code: error.code, message, problems: error.problems } });
    } else if (error instanceof PublishIncompleteError) {
      const { code, message, positions } = error;
      response.set('Retry-After', '1');
      response.status(503).json({ error: { code, message }, positions });
    } else {
      const rule = bodyProblem(error);
      if (rule) refuse(response, rule.code, rule.message);
      else next(error);
    }
  };

  const router = Router();
  const readBody = json({ limit: MAX_PUBLISH_BYTES, type: 'application/json' });
  router.post('/v1/invalidations', authenticate, limit, requireJson, readBody, publish, answerError);
  return router;
}

/** Express names what is wrong with a body in `type`; its messages may quote the body, so ours stand instead. */
function bodyProblem(error: unknown): { readonly code: RefusalCode; readonly message: string } | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') {
    return {
      code: 'too_large',
      message: `the body must have at most ${MAX_PUBLISH_BYTES} bytes: publish fewer rooms at once`,
    };
  }
  if (type === 'entity.parse.failed') {
    return { code: 'bad_request', message: 'the body must be a JSON object: it could not be parsed' };
  }
  if (typeof error.status === 'number' && error.status < 500) {
    return { code: 'bad_request', message: 'the body must arrive whole, as JSON in UTF-8, plain or gzip' };
  }
  return undefined;
}
