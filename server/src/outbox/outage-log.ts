import type { Logger } from '../observability/logger.js';

/** Says once that something is away and once that it is back, however often it is asked meanwhile. */
export interface OutageLog {
  /** It was away; `fields` tell more. */
  met(fields: object): void;
  /** It answered. */
  over(): void;
}

/** Least time between two outages that are told, in milliseconds: of something that comes and goes, the rest is counted. */
const QUIET_MS = 10_000;

/**
 * Creates a log of one kind of outage, with the phrases for its beginning and its end. `elapsed` tells milliseconds from
 * any origin.
 */
export function createOutageLog(logger: Logger, begins: string, ends: string, elapsed: () => number): OutageLog {
  let failures = 0;
  let isTold = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    met(fields) {
      failures += 1;
      if (isTold || elapsed() - toldAt < QUIET_MS) return;
      isTold = true;
      toldAt = elapsed();
      logger.warn({ ...fields, failures }, begins);
    },
    over() {
      if (!isTold) return;
      logger.info({ failures }, ends);
      isTold = false;
      failures = 0;
    },
  };
}
