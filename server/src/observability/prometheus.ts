/** Metrics for Prometheus. The only file that imports prom-client. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { COUNTERS, GAUGES, HISTOGRAMS, type Labels, type MetricShape, type Metrics } from './metrics.js';

/** Metrics that can be scraped. */
export interface PrometheusMetrics extends Metrics {
  /** `Content-Type` of {@link PrometheusMetrics.text}. */
  readonly contentType: string;
  /** All metrics in the exposition format. */
  text(): Promise<string>;
}

/** From a frame within one process to an outbox that waited for a restart. */
const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Counts in a registry of its own: every metric of the library with the prefix `querycast_`, from zero on, and the
 * process metrics of prom-client (`process_…`, `nodejs_…`) under their usual names.
 */
export function prometheusMetrics(): PrometheusMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counters = create(COUNTERS, (shape) => new Counter({ ...shape, registers }));
  const gauges = create(GAUGES, (shape) => new Gauge({ ...shape, registers }));
  const histograms = create(HISTOGRAMS, (shape) => new Histogram({ ...shape, registers, buckets: BUCKETS_SECONDS }));

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    count: (name, labels, by = 1) => counters[name].inc(declared(COUNTERS[name], labels), by),
    gauge: (name, value, labels) => gauges[name].set(declared(GAUGES[name], labels), value),
    observe: (name, seconds, labels) => histograms[name].observe(declared(HISTOGRAMS[name], labels), seconds),
  };
}

interface NamedShape {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
}

function create<Name extends string, Metric>(
  shapes: Readonly<Record<Name, MetricShape>>,
  createMetric: (shape: NamedShape) => Metric,
): Record<Name, Metric> {
  const entries = Object.entries<MetricShape>(shapes).map(([name, { help, labels }]) => {
    return [name, createMetric({ name: `querycast_${name}`, help, labelNames: [...labels] })] as const;
  });
  return Object.fromEntries(entries) as Record<Name, Metric>;
}

/** The declared labels only: prom-client throws for any other, and counting must never break what is counted. */
function declared(shape: MetricShape, labels: Labels = {}): Record<string, string> {
  return Object.fromEntries(shape.labels.map((label) => [label, labels[label] ?? '']));
}
