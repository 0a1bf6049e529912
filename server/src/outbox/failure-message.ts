/** Longest message that is kept and logged, in characters. */
const MAX_LENGTH = 500;

/** Where clients of databases begin to list the values of a failed statement. */
const PARAMETERS = /\s*\bparam(?:eter)?s\s*:/i;

/** SQLSTATE class 22, data exceptions: their messages quote the value that was refused. */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/;

/**
 * What may be kept and logged of a failure: its message without row data, at most 500 characters. Where the message
 * lists parameters, that of its cause stands for it, or else what comes before the list.
 */
export function failureMessage(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  if ('code' in error && typeof error.code === 'string' && DATA_EXCEPTION.test(error.code)) {
    return `the database refused a value (SQLSTATE ${error.code})`;
  }
  const list = PARAMETERS.exec(error.message);
  if (!list) return error.message.slice(0, MAX_LENGTH);
  if (error.cause instanceof Error) return failureMessage(error.cause);
  return error.message.slice(0, Math.min(list.index, MAX_LENGTH));
}
