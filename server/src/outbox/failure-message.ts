import { withoutSecrets } from '../observability/without-secrets.js';

/** Where clients of databases begin to list the values of a failed statement. */
const PARAMETERS = /\bparam(?:eter)?s\s*:/i;

/** SQLSTATE class 22, data exceptions: their messages quote the value that was refused. */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/;

/** Causes may form a ring. */
const MAX_DEPTH = 8;

/**
 * What may be kept and logged of a failure: its message without row data and secrets, at most 500 characters. Where the
 * message lists parameters, that of its cause stands for it, or else what comes before the list. Never throws.
 */
export function failureMessage(error: unknown, depth = 0): string {
  // Whatever was thrown: who asks is in the middle of writing it down.
  if (!(error instanceof Error) || typeof error.message !== 'string') return 'something that is no error was thrown';
  if ('code' in error && typeof error.code === 'string' && DATA_EXCEPTION.test(error.code)) {
    return `the database refused a value (SQLSTATE ${error.code})`;
  }
  const hasCause = error.cause instanceof Error && depth < MAX_DEPTH;
  if (hasCause && PARAMETERS.test(error.message)) return failureMessage(error.cause, depth + 1);
  return withoutSecrets(error.message);
}
