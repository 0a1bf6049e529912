import { type Logger, withoutSecrets } from '@querycast/server';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { type DestinationStream, pino } from 'pino';
import type { Config } from './config.js';

/** What {@link createLogger} takes. */
export interface LoggerOptions {
  readonly level: Config['logLevel'];
  /** The name of this process, on every line. */
  readonly node: string;
  /** Default: standard error, so that standard output stays for people. */
  readonly destination?: DestinationStream;
}

const STDERR = 2;

/** Writes JSON lines. */
export function createLogger({ level, node, destination }: LoggerOptions): Logger {
  const said = Object.fromEntries(['message', 'reason', 'rule', 'warning'].map((field) => [field, describeSaid]));
  const serializers = { ...said, err: describeError, error: describeError };
  // Unlike `base` it leaves one `node` on lines that have it already.
  const mixin = () => ({ node });
  return pino({ level, base: null, mixin, serializers }, destination ?? pino.destination({ dest: STDERR, sync: true }));
}

/** What others say of a failure, in a field of its own. */
function describeSaid(said: unknown): unknown {
  return typeof said === 'string' ? withoutSecrets(said) : said;
}

/**
 * What a log may say of an error, or of the message of one: a failed query names its parameters in message and stack, and
 * those are private.
 */
function describeError(error: unknown): unknown {
  if (typeof error === 'string') return withoutSecrets(error);
  if (!(error instanceof Error)) return { type: typeof error };
  const isQuery = error instanceof DrizzleQueryError;
  return {
    type: error.name,
    message: isQuery ? 'a query failed' : withoutSecrets(error.message),
    ...('code' in error && { code: error.code }),
    ...(isQuery && { query: error.query }),
    stack: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}
