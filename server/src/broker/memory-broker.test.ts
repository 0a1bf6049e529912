import { ID_RETENTION_MS, LOG_RETENTION_MS, type Room } from '@querycast/protocol';
import { expect, it } from 'vitest';
import type { LogFields, Logger } from '../observability/logger.js';
import { silentLogger } from '../observability/logger.js';
import { noMetrics } from '../observability/metrics.js';
import { createRecorder } from './conformance/harness.js';
import { brokerConformance } from './conformance.js';
import { createMemoryBroker } from './memory-broker.js';

function createAgeing() {
  let now = 1_700_000_000_000;
  const broker = createMemoryBroker({ clock: () => now });
  return {
    broker,
    advance(elapsedMs: number) {
      now += elapsedMs;
    },
    close: () => broker.close(),
  };
}

brokerConformance('memory broker', createAgeing);

it('holds one entry per distinct key and room, however many invalidations there were', async () => {
  const { broker } = createAgeing();
  const rooms = Array.from({ length: 1_000 }, (_, n): Room => `parent:${n}`);
  for (let n = 0; n < 100_000; n += 1) {
    await broker.append({
      room: rooms[n % 1_000] ?? 'parent:0',
      keys: [['dashboard'], ['child', Math.floor(n / 1_000) % 3]],
    });
  }
  expect(broker.size()).toEqual({ rooms: 1_000, entries: 4_000, ids: 0 });
});

it('holds at most 256 entries of one room, however many distinct keys it had', async () => {
  const { broker } = createAgeing();
  for (let n = 0; n < 1_000; n += 1) await broker.append({ room: 'parent:1', keys: [['k', n]] });
  expect(broker.size()).toEqual({ rooms: 1, entries: 256, ids: 0 });
});

it('gives the memory of rooms and ids back once their time is over, without a timer', async () => {
  const { broker, advance } = createAgeing();
  for (let n = 0; n < 500; n += 1) await broker.append({ room: `parent:${n}`, keys: [['a']], id: `change-${n}` });
  expect(broker.size()).toEqual({ rooms: 500, entries: 500, ids: 500 });
  advance(ID_RETENTION_MS + 1);
  for (let n = 0; n < 50; n += 1) await broker.append({ room: 'parent:0', keys: [['a']], id: `later-${n}` });
  expect(broker.size()).toEqual({ rooms: 500, entries: 500, ids: 50 });
  advance(LOG_RETENTION_MS + 1);
  for (let n = 0; n < 50; n += 1) await broker.read('parent:0');
  expect(broker.size()).toMatchObject({ rooms: 1, entries: 0 });
});

it('stamps envelopes with the injected clock', async () => {
  const { broker, advance } = createAgeing();
  const recorder = createRecorder();
  await broker.subscribe('parent:1', recorder.deliver);
  await broker.append({ room: 'parent:1', keys: [['a']] });
  advance(5);
  await broker.append({ room: 'parent:1', keys: [['a']] });
  expect((await recorder.heard(2)).map(({ at }) => at)).toEqual([1_700_000_000_000, 1_700_000_000_005]);
});

it('delivers to every subscriber of a room, also beside one that throws, which is logged and counted', async () => {
  const counted: string[] = [];
  const logged: { fields: LogFields; message: string }[] = [];
  const logger: Logger = { ...silentLogger, error: (fields, message) => logged.push({ fields, message }) };
  const broker = createMemoryBroker({ logger, metrics: { ...noMetrics, count: (name) => counted.push(name) } });
  const recorder = createRecorder();
  const fault = new Error('subscriber fault');
  await broker.subscribe('parent:1', () => {
    throw fault;
  });
  await broker.subscribe('parent:1', recorder.deliver);
  const { position } = await broker.append({ room: 'parent:1', keys: [['a']] });
  await recorder.heard(1);
  expect(counted).toEqual(['broker_deliver_errors_total']);
  expect(logged).toEqual([
    { fields: { room: 'parent:1', position, error: fault }, message: 'broker subscriber threw' },
  ]);
});

it('names another incarnation for each broker', async () => {
  const [one, two] = [createMemoryBroker(), createMemoryBroker()];
  expect((await one.read('parent:1')).incarnation).not.toBe((await two.read('parent:1')).incarnation);
});
