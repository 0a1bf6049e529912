/** The API answered, with an error. */
export class ApiRequestError extends Error {
  readonly code = 'api_request_failed';
  readonly status: number;
  /** The code of the API's own error body; `unknown` when the answer had none. */
  readonly apiCode: string;
  /** One sentence per refused field. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, apiCode: string, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'ApiRequestError';
    this.status = status;
    this.apiCode = apiCode;
    this.fields = fields;
  }
}

/** The API did not answer at all: no network, or no server. */
export class ApiUnreachableError extends Error {
  readonly code = 'api_unreachable';

  constructor(cause: unknown) {
    super('The server cannot be reached. Check your connection and try again.', { cause });
    this.name = 'ApiUnreachableError';
  }
}

/** Whether trying the same request again may help: no answer, or a fault of the server. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiUnreachableError || (error instanceof ApiRequestError && error.status >= 500);
}

/** What to tell a person about `error`, as one or two sentences. */
export function describeError(error: unknown): string {
  if (error instanceof ApiUnreachableError) return error.message;
  if (!(error instanceof ApiRequestError)) return 'Something went wrong on this page. Try again.';
  if (error.status >= 500) return 'The server had a problem. Try again in a moment.';
  return [error.message, ...Object.values(error.fields)].join(' ');
}
