import type { ApiError } from '@querycast/platform-protocol';
import type { Logger } from '@querycast/server';
import type { ErrorRequestHandler } from 'express';

/** Messages by field of a request's body. */
export type FieldMessages = Readonly<Record<string, string>>;

/** A request is answered with an error; the message is for the person or program that sent it. */
export class HttpError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: FieldMessages | undefined;

  constructor(status: number, code: string, message: string, fields?: FieldMessages) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.fields = fields;
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

/** Answers every error as an {@link ApiError}; what nobody expected is logged and answered without details. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const known = error instanceof HttpError ? error : ofBodyParser(error);
    if (!known) logger.error({ err: error, method: request.method, route: request.route?.path }, 'request failed');
    const { status, code, message, fields } =
      known ?? new HttpError(500, 'internal', 'Something went wrong on our side; try again.');
    const body: ApiError = { error: { code, message, ...(fields && { fields }) } };
    response.status(status).json(body);
  };
}

/** Errors of express itself (malformed JSON, body too large, bad percent-encoding) carry a 4xx `status`. */
function ofBodyParser(error: unknown): HttpError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status < 400 || error.status > 499) return undefined;
  if (error.status === 413) return new HttpError(413, 'too_large', 'The body is too large.');
  return new HttpError(error.status, 'bad_request', 'The request could not be read.');
}
