import type { Room } from '@querycast/protocol';
import { type ErrorRequestHandler, json, type RequestHandler, type Response, Router } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { parseInvalidation } from './parse-invalidation.js';
import { InvalidInvalidationError, PublishIncompleteError } from './publish-errors.js';
import { MAX_PUBLISH_BYTES } from './publish-size.js';
import { carriesBearer, matchPublishTokens, type PublishToken, type TokenHolder } from './publish-tokens.js';
import type { Publisher } from './publisher.js';

/** Settings of {@link publishRoutes}. */
export interface PublishRoutesOptions {
  readonly publisher: Publisher;
  /**
   * Shared secrets of the backends that may publish: to any room, or to those that stand beside the token. Several are
   * valid at once. At least one. Log and metrics call them `token-1`, `token-2` and so on, by their place.
   */
  readonly tokens: readonly (string | PublishToken)[];
  /** Publishes per second and token before 429; default 1,000. */
  readonly maxPerSecond?: number;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

/** The codes of the door's own refusals, and their status. */
const STATUS = { unauthorized: 401, forbidden: 403, rate_limited: 429, too_large: 413, bad_request: 400 } as const;

type RefusalCode = keyof typeof STATUS;

/** What stands before the reason in `WWW-Authenticate` (RFC 6750, 3). */
const CHALLENGE = 'Bearer realm="querycast"';

/**
 * Creates the HTTP door: `POST /v1/invalidations` with `Authorization: Bearer <publish token>`. Answers 202 with
 * `{ positions }`, else `{ error: { code, message, problems? } }`: 400, 401, 403, 413, 429, or 503 with the positions of the
 * rooms that accepted. Throws a `TypeError` without a token, or for one whose rooms are none or no rooms.
 * Mount it before any body parser of the application, whose limit would apply instead.
 *
 * @example
 * app.use(publishRoutes({ publisher, tokens: [process.env.PUBLISH_TOKEN] }));
 */
export function publishRoutes(options: PublishRoutesOptions): Router {
  const { publisher, tokens, maxPerSecond = 1_000, logger = silentLogger, metrics = noMetrics } = options;
  const holderOf = matchPublishTokens(tokens);
  const limiter = new RateLimiterMemory({ points: maxPerSecond, duration: 1 });

  function note(response: Response, code: string, details: object): void {
    metrics.count('publish_refused_total', { door: 'http', code });
    const token = tokenOf(response)?.name;
    logger.warn({ door: 'http', code, ...(token && { token }), ...details }, 'publish refused');
  }

  function refuse(response: Response, code: RefusalCode, message: string): void {
    note(response, code, { rule: message });
    response.status(STATUS[code]).json({ error: { code, message } });
  }

  // Before the body is read: a stranger costs a hash, not a megabyte.
  const authenticate: RequestHandler = (request, response, next) => {
    const { authorization } = request.headers;
    const holder = holderOf(authorization);
    if (holder !== undefined) {
      metrics.count('publish_tokens_total', { token: holder.name });
      response.locals[HOLDER] = holder;
      return next();
    }
    // Whoever sends no token is only told how to; the reason is for those who did.
    const reason = carriesBearer(authorization) ? ', error="invalid_token"' : '';
    response.set('WWW-Authenticate', CHALLENGE + reason);
    refuse(response, 'unauthorized', 'a valid publish token is needed: send it as "Authorization: Bearer <token>"');
  };

  const limit: RequestHandler = async (_request, response, next) => {
    try {
      await limiter.consume(String(tokenOf(response)?.name));
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

  // Here and not in the publisher, which anybody may wrap: no room is appended to before all of them were looked at.
  const keepToScope: RequestHandler = (request, response, next) => {
    const scope = tokenOf(response)?.scope;
    if (scope === undefined) return next();
    try {
      // What is published is what was looked at.
      request.body = parseInvalidation(request.body);
    } catch (error) {
      if (!(error instanceof InvalidInvalidationError)) throw error;
      note(response, error.code, { problems: error.problems });
      return answerInvalid(response, error);
    }
    const rooms: readonly Room[] = request.body.rooms;
    const outside = rooms.filter((room) => !scope(room)).length;
    if (outside === 0) return next();
    response.set('WWW-Authenticate', `${CHALLENGE}, error="insufficient_scope"`);
    const count = `${outside} of ${rooms.length} rooms are`;
    refuse(response, 'forbidden', `this token is for other rooms: ${count} outside of them, and nothing was changed`);
  };

  const publish: RequestHandler = async (request, response) => {
    const { positions } = await publisher.invalidate(request.body, { door: 'http' });
    response.status(202).json({ positions });
  };

  // The publisher has logged and counted its own two errors.
  const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof InvalidInvalidationError) {
      answerInvalid(response, error);
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
  router.post('/v1/invalidations', authenticate, limit, requireJson, readBody, keepToScope, publish, answerError);
  return router;
}

/** Where a request's {@link TokenHolder} is, once it is known. */
const HOLDER = 'publishToken';

function tokenOf(response: Response): TokenHolder | undefined {
  return response.locals[HOLDER];
}

function answerInvalid(response: Response, { code, problems }: InvalidInvalidationError): void {
  const message = 'the invalidation was refused and changed nothing';
  response.status(400).json({ error: { code, message, problems } });
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
