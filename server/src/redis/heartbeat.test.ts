import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { noMetrics } from '../observability/metrics.js';
import { createHeartbeat, DeafError } from './heartbeat.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A heartbeat whose beat has been sent, and was not heard in time. */
async function late() {
  const subscriber = new EventEmitter();
  const sent: string[] = [];
  const heartbeat = createHeartbeat({
    subscriber,
    isSharded: true,
    send: async (_channel, beat) => sent.push(beat),
    connection: 'log',
    metrics: noMetrics,
  });
  const beating = heartbeat.beat(['qc:beat:1']);
  await new Promise((resolve) => setImmediate(resolve));
  vi.advanceTimersByTime(1_500);
  return { beating, hear: () => subscriber.emit('smessage', 'qc:beat:1', sent[0]) };
}

test('what is not heard in time is deafness', async () => {
  const { beating } = await late();
  await expect(beating).rejects.toBeInstanceOf(DeafError);
});

test('a process that stood still itself reads what has arrived before it calls itself deaf', async () => {
  const { beating, hear } = await late();
  setImmediate(hear);
  await beating;
});
