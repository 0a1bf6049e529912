import { expect, test } from 'vitest';
import { COUNTERS, GAUGES, HISTOGRAMS } from './metrics.js';
import { prometheusMetrics } from './prometheus.js';

/** The samples of one metric, as lines. */
async function samples(metrics: { text(): Promise<string> }, name: string): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith(`querycast_${name}`));
}

test('every metric of the library is announced with its prefix, type and help', async () => {
  const text = await prometheusMetrics().text();
  for (const [type, shapes] of Object.entries({ counter: COUNTERS, gauge: GAUGES, histogram: HISTOGRAMS })) {
    for (const [name, { help }] of Object.entries(shapes)) {
      expect(text).toContain(`# TYPE querycast_${name} ${type}\n`);
      expect(text).toContain(`# HELP querycast_${name} ${help}\n`);
    }
  }
});

test('the process is measured too, under the names that dashboards expect', async () => {
  const text = await prometheusMetrics().text();
  expect(text).toContain('process_cpu_user_seconds_total');
  expect(text).toContain('nodejs_eventloop_lag_seconds');
});

test('counters add up by their labels', async () => {
  const metrics = prometheusMetrics();
  metrics.count('publishes_total', { door: 'http' });
  metrics.count('publishes_total', { door: 'http' }, 2);
  metrics.count('publishes_total', { door: 'typescript' });
  metrics.count('frames_merged_total', undefined, 5);
  expect(await samples(metrics, 'publishes_total')).toEqual([
    'querycast_publishes_total{door="http"} 3',
    'querycast_publishes_total{door="typescript"} 1',
  ]);
  expect(await samples(metrics, 'frames_merged_total')).toEqual(['querycast_frames_merged_total 5']);
});

test('a counter without labels stands at zero before anything happened: absence is not health', async () => {
  expect(await samples(prometheusMetrics(), 'frames_merged_total')).toEqual(['querycast_frames_merged_total 0']);
});

test('gauges hold the last value, histograms count durations in seconds', async () => {
  const metrics = prometheusMetrics();
  metrics.gauge('sessions', 3);
  metrics.gauge('sessions', 2);
  metrics.observe('join_seconds', 0.004);
  metrics.observe('join_seconds', 70);
  expect(await samples(metrics, 'sessions')).toEqual(['querycast_sessions 2']);
  const lines = await samples(metrics, 'join_seconds');
  expect(lines).toContain('querycast_join_seconds_bucket{le="0.0025"} 0');
  expect(lines).toContain('querycast_join_seconds_bucket{le="0.005"} 1');
  expect(lines).toContain('querycast_join_seconds_bucket{le="60"} 1');
  expect(lines).toContain('querycast_join_seconds_count 2');
});

test('a gauge can say that its value is not known', async () => {
  const metrics = prometheusMetrics();
  metrics.gauge('outbox_pending', 3);
  metrics.gauge('outbox_pending', Number.NaN);
  const [line = ''] = await samples(metrics, 'outbox_pending');
  expect(line).toMatch(/^querycast_outbox_pending nan$/i);
});

test('labels that a metric does not have are left out, labels that are missing are empty: counting never throws', async () => {
  const metrics = prometheusMetrics();
  metrics.count('publish_refused_total', { door: 'http', room: 'parent:42' });
  expect(await samples(metrics, 'publish_refused_total')).toEqual([
    'querycast_publish_refused_total{door="http",code=""} 1',
  ]);
});

test('two of them in one process share nothing', async () => {
  const [one, other] = [prometheusMetrics(), prometheusMetrics()];
  one.count('frames_merged_total');
  expect(await samples(other, 'frames_merged_total')).toEqual(['querycast_frames_merged_total 0']);
});
