import type { LogFields, Logger } from '../observability/logger.js';
import type { Labels, Metrics } from '../observability/metrics.js';

/** What a test wants to know about logs and counters. */
export interface RecordedObservability {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lines: readonly { readonly level: string; readonly fields: LogFields; readonly message: string }[];
  readonly counts: readonly { readonly name: string; readonly labels: Labels }[];
}

/** Creates a logger and metrics that remember. */
export function recordObservability(): RecordedObservability {
  const lines: { level: string; fields: LogFields; message: string }[] = [];
  const counts: { name: string; labels: Labels }[] = [];
  const at = (level: string) => (fields: LogFields, message: string) => {
    lines.push({ level, fields, message });
  };
  return {
    lines,
    counts,
    logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    metrics: {
      count(name, labels = {}) {
        counts.push({ name, labels });
      },
      gauge() {},
      observe() {},
    },
  };
}
