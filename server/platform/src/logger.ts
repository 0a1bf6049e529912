import type { Logger } from '@querycast/server';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { pino } from 'pino';
import type { Config } from './config.js';

const STDERR = 2;

/** Writes JSON lines to standard error, so that standard output stays for people. */
export function createLogger(level: Config['logLevel']): Logger {
  const serializers = { err: describeError, error: describeError };
  return pino({ level, base: null, serializers }, pino.destination({ dest: STDERR, sync: true }));
}

/** What a log may say of an error: a failed query names its parameters in message and stack, and those are private. */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const isQuery = error instanceof DrizzleQueryError;
  return {
    type: error.name,
    message: isQuery ? 'a query failed' : error.message,
    ...('code' in error && { code: error.code }),
    ...(isQuery && { query: error.query }),
    stack: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}
