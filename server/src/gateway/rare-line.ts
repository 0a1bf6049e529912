import type { LogFields, Logger } from '../observability/logger.js';
import type { Timers } from './timers.js';

/** Between two lines, in milliseconds: what happens to one room mostly happens to many. */
const EVERY_MS = 10_000;

/**
 * Makes a line that stands for all that happened since the one before it, at most one in ten seconds. The others, and
 * those that are no news, are written at `debug`. Answers how many there were, the present one included, in `counted`.
 */
export function createRareLine(options: {
  readonly message: string;
  /** Name of the field with their number. */
  readonly counted: string;
  readonly timers: Timers;
  readonly logger: Logger;
}): (fields: LogFields, news?: 'always' | 'sometimes' | 'never') => void {
  const { message, counted, timers, logger } = options;
  let count = 0;
  let nextAt = Number.NEGATIVE_INFINITY;

  return (fields, news = 'sometimes') => {
    count += 1;
    const isNews = news === 'always' || (news === 'sometimes' && timers.now() >= nextAt);
    logger[isNews ? 'warn' : 'debug']({ ...fields, [counted]: count }, message);
    if (!isNews) return;
    count = 0;
    nextAt = timers.now() + EVERY_MS;
  };
}
