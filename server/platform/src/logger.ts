import type { Logger } from '@querycast/server';
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

/** Longest message of an error that is written, in characters. */
const MAX_MESSAGE_LENGTH = 500;

/** Where clients and servers of databases begin to list values: those of a failed query, those of an unknown command. */
const VALUES = /\s*(\bparam(?:eter)?s\s*:|,? with args beginning with:)/i;

/** User and password in an address. */
const CREDENTIALS = /(?<=:\/\/)[^\s@]*@/g;

/** Writes JSON lines. */
export function createLogger({ level, node, destination }: LoggerOptions): Logger {
  const serializers = { err: describeError, error: describeError };
  // Unlike `base` it leaves one `node` on lines that have it already.
  const mixin = () => ({ node });
  return pino({ level, base: null, mixin, serializers }, destination ?? pino.destination({ dest: STDERR, sync: true }));
}

/**
 * What a log may say of an error, or of the message of one: a failed query names its parameters in message and stack, and
 * those are private.
 */
function describeError(error: unknown): unknown {
  if (typeof error === 'string') return withoutValues(error);
  if (!(error instanceof Error)) return { type: typeof error };
  const isQuery = error instanceof DrizzleQueryError;
  return {
    type: error.name,
    message: isQuery ? 'a query failed' : withoutValues(error.message),
    ...('code' in error && { code: error.code }),
    ...(isQuery && { query: error.query }),
    stack: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

function withoutValues(message: string): string {
  return message.slice(0, VALUES.exec(message)?.index).replaceAll(CREDENTIALS, '').slice(0, MAX_MESSAGE_LENGTH);
}
