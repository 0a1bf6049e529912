import type { LogFields, Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import type { GatewayLimits } from './limits.js';
import { createRareLine } from './rare-line.js';
import type { Timers } from './timers.js';

/**
 * A limit that somebody reached: one of the settings, by its name, or one of the protocol: `frameBytes`, a frame that is too
 * large, `frameKind`, one that no client of the protocol sends, and `unread`, what waits for a client that does not read.
 */
export type LimitName = keyof GatewayLimits | 'frameBytes' | 'frameKind' | 'unread';

/** Counts a limit that was reached, and logs it rarely. Never told an address: those are personal data. */
export type ReportLimit = (limit: LimitName, fields?: LogFields) => void;

/** Creates the reports of a gateway: a counter by name, and a line for each name at most once in ten seconds. */
export function createLimitReports(options: {
  readonly timers: Timers;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): ReportLimit {
  const { timers, logger, metrics } = options;
  const lines = new Map<LimitName, ReturnType<typeof createRareLine>>();
  return (limit, fields = {}) => {
    metrics.count('limits_reached_total', { limit });
    const line = lines.get(limit) ?? createRareLine({ message: 'limit reached', counted: 'times', timers, logger });
    lines.set(limit, line);
    line({ limit, ...fields });
  };
}
