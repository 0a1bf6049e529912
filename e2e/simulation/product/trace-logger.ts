import type { Logger } from '../../../server/src/observability/logger.js';
import type { ModelTools } from '../model/redis-server.js';

/** The product's own log lines, in the trace. */
export function traceLogger({ trace }: ModelTools, who: string): Logger {
  const line = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    trace(who, () => `${level} ${message} ${JSON.stringify(fields, errorsAsText)}`);
  return { debug: () => {}, info: line('info'), warn: line('warn'), error: line('error') };
}

function errorsAsText(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return value.cause instanceof Error ? `${value.message}: ${value.cause.message}` : value.message;
}
