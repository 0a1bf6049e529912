import type { ApiError } from '@querycast/platform-protocol';
import type { Logger } from '@querycast/server';
import { isOutage } from '@querycast/server/postgres';
import type { ErrorRequestHandler } from 'express';
import { PasswordsBusyError } from '../people/password.js';

/** Messages by field of a request's body. */
export type FieldMessages = Readonly<Record<string, string>>;

/** A request is answered with an error; the message is for the person or program that sent it. */
export class HttpError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: FieldMessages | undefined;
  /** When to ask again, in seconds; for the header `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, fields?: FieldMessages, retryAfterSeconds?: number) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** 400: names every bad field. */
export function badRequest(fields: FieldMessages): HttpError {
  return new HttpError(400, 'bad_request', `Check these fields: ${Object.keys(fields).join(', ')}.`, fields);
}

/** 401: nobody is logged in, or no longer. */
export function unauthenticated(code = 'unauthenticated', message = 'Log in first.'): HttpError {
  return new HttpError(401, code, message);
}

/** 403: somebody is logged in, whose role may not do this at all. */
export function forbidden(): HttpError {
  return new HttpError(403, 'forbidden', 'Your role may not do this.');
}

/** 404: alike for what does not exist and for what belongs to somebody else, so that nothing can be probed. */
export function notFound(): HttpError {
  return new HttpError(404, 'not_found', 'There is nothing here for you.');
}

/** 409: the row is in a state in which that cannot be done. */
export function conflict(message: string): HttpError {
  return new HttpError(409, 'conflict', message);
}

/** 429: a person has to wait before they may try again. */
export function tooManyAttempts(waitMs: number): HttpError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  const minutes = Math.ceil(seconds / 60);
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return new HttpError(429, 'too_many_attempts', `Too many attempts. Try again in ${wait}.`, undefined, seconds);
}

/** 429 or 503: more passwords arrive than can be checked, from whom this one came or from everybody. */
export function passwordsBusy({ isOwn }: Pick<PasswordsBusyError, 'isOwn'>): HttpError {
  if (isOwn) {
    const message = 'Too many passwords at once; try again in a moment.';
    return new HttpError(429, 'too_many_attempts', message, undefined, BUSY_RETRY_AFTER_SECONDS);
  }
  const message = 'Very many people are logging in; try again in a moment.';
  return new HttpError(503, 'busy', message, undefined, BUSY_RETRY_AFTER_SECONDS);
}

/** How long it takes until those that waited have been checked, in seconds. */
const BUSY_RETRY_AFTER_SECONDS = 5;

/** When to ask again while the database is away, in seconds: the next answer may be another one. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Answers every error as an {@link ApiError}; what nobody expected is logged and answered without details. An answer that
 * has begun is cut off instead, so that its reader does not take it for a whole one.
 */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  // Express knows a handler of errors by its four parameters.
  return (error, request, response, _next) => {
    if (response.headersSent) {
      logger.error({ err: error, method: request.method, route: request.route?.path }, 'answer broke off');
      // As express would, which writes the error to stderr besides, past the logger.
      request.socket.destroy();
      return;
    }
    const known = error instanceof HttpError ? error : (ofBusyness(error) ?? ofBodyParser(error));
    const answer = known ?? (isOutage(error) ? databaseAway() : internal());
    if (!known) logger.error({ err: error, method: request.method, route: request.route?.path }, 'request failed');
    if (answer.retryAfterSeconds !== undefined) response.set('Retry-After', String(answer.retryAfterSeconds));
    const { status, code, message, fields } = answer;
    const body: ApiError = { error: { code, message, ...(fields && { fields }) } };
    response.status(status).json(body);
  };
}

/** No fault of this process, and worth another attempt, as 503 tells proxies and programs. */
function databaseAway(): HttpError {
  const message = 'The database does not answer at the moment; try again.';
  return new HttpError(503, 'database_away', message, undefined, RETRY_AFTER_SECONDS);
}

function internal(): HttpError {
  return new HttpError(500, 'internal', 'Something went wrong on our side; try again.');
}

/** Whoever makes an account waits like everybody who logs in. */
function ofBusyness(error: unknown): HttpError | undefined {
  return error instanceof PasswordsBusyError ? passwordsBusy(error) : undefined;
}

/** Errors of express itself (malformed JSON, body too large, bad percent-encoding) carry a 4xx `status`. */
function ofBodyParser(error: unknown): HttpError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status < 400 || error.status > 499) return undefined;
  if (error.status === 413) return new HttpError(413, 'too_large', 'The body is too large.');
  return new HttpError(error.status, 'bad_request', 'The request could not be read.');
}
