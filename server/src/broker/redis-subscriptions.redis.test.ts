import type { Envelope } from '@querycast/protocol';
import type { RedisServer } from '@querycast/test-servers';
import { expect, test } from 'vitest';
import { recordObservability } from '../publisher/recorded-observability.js';
import { BrokerUnavailableError } from './broker.js';
import { createRecorder, expectContiguous, freshRoom } from './conformance/harness.js';
import { becomes } from './redis-broker.test.support.js';
import { survives, useRedis } from './redis-fixture.test.support.js';

const { start, connectLive } = useRedis();

/** The rooms the server would send to anybody, in order. */
async function openChannels(server: RedisServer): Promise<string[]> {
  return (await server.cli('PUBSUB', 'SHARDCHANNELS', '*{*')).split('\n').filter(Boolean).sort();
}

test('a room left while the server was away stays left', async () => {
  const server = await start();
  const connected = await connectLive(server);
  const [kept, left] = [freshRoom(), freshRoom()];
  await connected.broker.subscribe(kept, () => {});
  const unsubscribe = await connected.broker.subscribe(left, () => {});
  await survives(connected, async () => {
    const lost = becomes(connected.broker, false);
    await server.stop();
    await lost;
    await unsubscribe();
    await server.start();
  });
  expect(await openChannels(server)).toEqual([`${connected.prefix}{${kept}}`]);
});

test('subscribing and leaving while connections are cut: what stands at the end is exactly what is open', async () => {
  const server = await start();
  const connected = await connectLive(server);
  const { broker, prefix } = connected;
  const rooms = Array.from({ length: 40 }, freshRoom);
  const open = new Map<string, { end: () => Promise<void>; recorder: ReturnType<typeof createRecorder> }>();
  for (let cut = 0; cut < 6; cut += 1) {
    const cutting = survives(connected, () => server.cli('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    await Promise.all(
      rooms.map(async (room, n) => {
        const present = open.get(room);
        if (present && (n + cut) % 2) {
          open.delete(room);
          await present.end();
        } else if (!present) {
          const recorder = createRecorder();
          try {
            open.set(room, { end: await broker.subscribe(room, recorder.deliver), recorder });
          } catch (error) {
            expect(error).toBeInstanceOf(BrokerUnavailableError);
          }
        }
      }),
    );
    await cutting;
  }
  const last = freshRoom();
  // Answered behind everything sent before it on the same connection.
  await broker.subscribe(last, () => {});
  expect(await openChannels(server)).toEqual([...open.keys(), last].map((room) => `${prefix}{${room}}`).sort());
  for (const [room, { recorder }] of open) {
    const before = recorder.envelopes.length;
    await broker.append({ room: room as Envelope['room'], keys: [['a']] });
    expectContiguous((await recorder.heard(before + 1)).slice(before));
  }
});

test('one subscription at the server per open room, however many subscribers, until the last has left', async () => {
  const server = await start();
  const { broker, prefix } = await connectLive(server);
  const room = freshRoom();
  const ends = await Promise.all([0, 1, 2].map(() => broker.subscribe(room, () => {})));
  // The other one is that of the heartbeat.
  expect(await server.cli('INFO', 'commandstats')).toMatch(/cmdstat_ssubscribe:calls=2,/);
  await Promise.all(ends.slice(1).map((end) => end()));
  expect(await openChannels(server)).toEqual([`${prefix}{${room}}`]);
  await ends[0]?.();
  expect(await openChannels(server)).toEqual([]);
});

test('a room that the server has forgotten is heard again once one of its subscribers subscribes anew', async () => {
  const server = await start();
  const { broker, prefix, subscriber } = await connectLive(server);
  const [room, recorders] = [freshRoom(), [createRecorder(), createRecorder()]];
  const ends = await Promise.all(recorders.map(({ deliver }) => broker.subscribe(room, deliver)));
  // Behind the back of the broker, and of this room alone.
  await subscriber.sunsubscribe(`${prefix}{${room}}`);
  await ends[0]?.();
  await broker.subscribe(room, recorders[0]?.deliver ?? (() => {}));
  await broker.append({ room, keys: [['heard']] });
  for (const recorder of recorders) expect(await recorder.heard(1)).toMatchObject([{ keys: [['heard']] }]);
});

test('a process hears nothing of rooms that it has not open', async () => {
  const server = await start();
  const { metrics, logger, counts } = recordObservability();
  const { prefix, broker } = await connectLive(server, { metrics, logger });
  const other = await connectLive(server, { prefix });
  const [mine, theirs] = [freshRoom(), freshRoom()];
  const recorder = createRecorder();
  await broker.subscribe(mine, recorder.deliver);
  for (let n = 0; n < 20; n += 1) await other.broker.append({ room: theirs, keys: [['a']] });
  await other.broker.append({ room: mine, keys: [['a']] });
  await recorder.heard(1);
  expect(counts.filter(({ name }) => name === 'broker_messages_total')).toHaveLength(1);
  expect(counts.filter(({ name }) => name === 'broker_stray_messages_total')).toHaveLength(0);
});
