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

const CHANNEL = 'qc:beat:1';

/** A heartbeat whose beat has been sent, and was not heard in time. */
async function late(areTogether?: (one: string, other: string) => boolean) {
  const subscriber = new EventEmitter();
  const sent: string[] = [];
  const heartbeat = createHeartbeat({
    subscriber,
    isSharded: true,
    send: async (_channel, beat) => sent.push(beat),
    connection: 'log',
    metrics: noMetrics,
    ...(areTogether && { areTogether }),
  });
  const hear = (channel: string, message: string) =>
    subscriber.emit('smessageBuffer', Buffer.from(channel), Buffer.from(message));
  let outcome: unknown;
  const beating = heartbeat.beat([CHANNEL]).then(
    () => {
      outcome = 'heard';
    },
    (error: unknown) => {
      outcome = error;
    },
  );
  await settle();
  return {
    subscriber,
    beating,
    outcome: () => outcome,
    hearAnother: (channel = 'qc:{parent:1}') => hear(channel, '{}'),
    hearBeat: () => hear(CHANNEL, sent[0] ?? ''),
    async pass(ms: number) {
      vi.advanceTimersByTime(ms);
      await settle();
    },
  };
}

/** Lets what waits for the next turn of the process have it. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('what is not heard in time is deafness', async () => {
  const { pass, outcome } = await late();
  await pass(1_500);
  expect(outcome()).toBeInstanceOf(DeafError);
});

test('a process that stood still itself reads what has arrived before it calls itself deaf', async () => {
  const { beating, hearBeat, outcome } = await late();
  vi.advanceTimersByTime(1_500);
  setImmediate(hearBeat);
  await beating;
  expect(outcome()).toBe('heard');
});

test('a connection on which other messages come is behind, not deaf: the beat has time until it comes', async () => {
  const { pass, outcome, hearAnother, hearBeat } = await late();
  for (let behindMs = 0; behindMs < 9_000; behindMs += 1_500) {
    hearAnother();
    await pass(1_500);
  }
  expect(outcome()).toBeUndefined();
  hearBeat();
  await settle();
  expect(outcome()).toBe('heard');
});

test('one that falls silent before the beat came is deaf', async () => {
  const { pass, outcome, hearAnother } = await late();
  hearAnother();
  await pass(1_500);
  expect(outcome()).toBeUndefined();
  await pass(1_500);
  expect(outcome()).toBeInstanceOf(DeafError);
});

test('one that is behind by more than ten seconds is deaf in effect', async () => {
  const { pass, outcome, hearAnother } = await late();
  for (let waits = 0; waits < 7; waits += 1) {
    expect(outcome()).toBeUndefined();
    hearAnother();
    await pass(1_500);
  }
  expect(outcome()).toBeInstanceOf(DeafError);
});

test('what comes on another connection proves nothing', async () => {
  const { pass, outcome, hearAnother } = await late((one, other) => one[0] === other[0]);
  hearAnother('another:{parent:1}');
  await pass(1_500);
  expect(outcome()).toBeInstanceOf(DeafError);
});

test('messages are heard as bytes, so that the client does not make text of each of them', async () => {
  const { subscriber } = await late();
  expect(subscriber.eventNames()).toEqual(['smessageBuffer']);
});
