import { expect, onTestFinished, test } from 'vitest';
import { recordObservability } from '../publisher/recorded-observability.js';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import { BrokerUnavailableError } from './broker.js';
import { createRecorder, freshRoom } from './conformance/harness.js';
import { createRedisBroker } from './redis-broker.js';
import { becomes } from './redis-broker.test.support.js';
import { survives, useRedis } from './redis-fixture.test.support.js';

const { start, connect, connectLive } = useRedis();

test('a server restarted: away at once, every subscription stands when it is live again, and envelopes flow', async () => {
  const server = await start();
  const connected = await connectLive(server);
  const { broker } = connected;
  const rooms = Array.from({ length: 300 }, freshRoom);
  const recorders = await Promise.all(
    rooms.map(async (room) => {
      const recorder = createRecorder();
      await broker.subscribe(room, recorder.deliver);
      return recorder;
    }),
  );
  const states: boolean[] = [];
  broker.onLive((live) => states.push(live));
  await survives(connected, async () => {
    await server.stop();
    await server.start();
  });
  expect(states).toEqual([true, false, true]);
  await Promise.all(rooms.map((room) => broker.append({ room, keys: [['a']] })));
  for (const recorder of recorders) expect(await recorder.heard(1)).toHaveLength(1);
});

test('while the server is away everything rejects at once as unavailable, with its cause', async () => {
  const server = await start();
  const { broker } = await connectLive(server);
  const lost = becomes(broker, false);
  const inFlight = Promise.allSettled(Array.from({ length: 50 }, () => broker.read(freshRoom())));
  await server.kill();
  await lost;
  for (const result of await inFlight) {
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(BrokerUnavailableError);
  }
  const room = freshRoom();
  const began = performance.now();
  await expect(broker.append({ room, keys: [['a']] })).rejects.toMatchObject({
    code: 'broker_unavailable',
    cause: expect.any(Error),
  });
  await expect(broker.read(room)).rejects.toBeInstanceOf(BrokerUnavailableError);
  await expect(broker.subscribe(room, () => {})).rejects.toBeInstanceOf(BrokerUnavailableError);
  await expect(broker.openRooms([room])).rejects.toBeInstanceOf(BrokerUnavailableError);
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('closing waits a second at most for a server that hangs, says so, and then nothing more', async () => {
  const server = await start();
  const { logger, metrics, lines, counts } = recordObservability();
  const { broker, subscriber } = await connectLive(server, { logger, metrics });
  await broker.subscribe(freshRoom(), () => {});
  const unsubscribe = await broker.subscribe(freshRoom(), () => {});
  server.pause();
  const unsubscribed = unsubscribe();
  onTestFinished(() => server.resume());
  const began = performance.now();
  await broker.close();
  // Less than the 3 s that a server otherwise has to confirm.
  expect(performance.now() - began).toBeLessThan(2_500);
  subscriber.disconnect();
  await unsubscribed;
  const told = lines
    .map(({ message }) => message)
    .filter((message) => message.includes('forgotten') || message.includes('unsubscribed'));
  expect(told).toEqual(['broker closed before the server had forgotten its channels']);
  expect(counts.filter(({ name }) => name === 'broker_unsubscribe_errors_total')).toHaveLength(1);
});

test('a server that is not there at first is found when it comes', async () => {
  const server = await start();
  await server.stop();
  const { broker } = connect(server);
  const states: boolean[] = [];
  broker.onLive((live) => states.push(live));
  await expect(broker.subscribe(freshRoom(), () => {})).rejects.toBeInstanceOf(BrokerUnavailableError);
  await server.start();
  await becomes(broker, true);
  expect(states).toEqual([false, true]);
});

test('a server that hangs is away within seconds, and back when it goes on', async () => {
  const server = await start();
  const connected = await connectLive(server);
  const room = freshRoom();
  const recorder = createRecorder();
  await connected.broker.subscribe(room, recorder.deliver);
  await survives(connected, async () => {
    server.pause();
    const lost = becomes(connected.broker, false);
    await expect(connected.broker.append({ room, keys: [['lost']] })).rejects.toMatchObject({
      code: 'broker_unavailable',
    });
    await lost;
    server.resume();
  });
  await connected.broker.append({ room, keys: [['after']] });
  const heard = await recorder.heard(1);
  expect(heard.at(-1)?.keys).toEqual([['after']]);
});

test.each(['normal', 'pubsub'])(
  'only its %s connection lost: away, then live with every subscription',
  async (type) => {
    const server = await start();
    const connected = await connectLive(server);
    const room = freshRoom();
    const recorder = createRecorder();
    await connected.broker.subscribe(room, recorder.deliver);
    await survives(connected, () => server.cli('CLIENT', 'KILL', 'TYPE', type));
    await connected.broker.append({ room, keys: [['a']] });
    await recorder.heard(1);
  },
);

test('an eviction policy that drops the log is warned about and counted, once per connection', async () => {
  const server = await start({ 'maxmemory-policy': 'allkeys-lru' });
  const { metrics, logger, counts, lines } = recordObservability();
  const connected = await connectLive(server, { metrics, logger });
  const warnings = () => lines.filter(({ fields }) => fields['finding'] === 'eviction_policy').length;
  expect(warnings()).toBe(1);
  await survives(connected, () => server.cli('CLIENT', 'KILL', 'TYPE', 'normal'));
  expect(warnings()).toBe(2);
  expect(counts.filter(({ name }) => name === 'broker_server_findings_total')).toHaveLength(2);
});

test('a master that was demoted is away, and live under another incarnation once promoted', async () => {
  const [server, master] = [await start(), await start()];
  const connected = await connectLive(server);
  const before = await becomes(connected.broker, true);
  const after = await survives(connected, async () => {
    const lost = becomes(connected.broker, false);
    await server.cli('REPLICAOF', '127.0.0.1', String(master.port));
    await lost;
    await expect(connected.broker.append({ room: freshRoom(), keys: [['a']] })).rejects.toBeInstanceOf(
      BrokerUnavailableError,
    );
    await server.cli('REPLICAOF', 'NO', 'ONE');
  });
  expect(after).not.toBe(before);
});

test.each([
  ['another server', 'the two connections lead to different servers'],
  ['a replica', 'the server is not a master'],
])('it is not live while its subscriptions are at %s', async (which, reason) => {
  const master = await start();
  const other = await start(which === 'a replica' ? { replicaof: `127.0.0.1 ${master.port}` } : {});
  const { logger, metrics, lines } = recordObservability();
  const commands = redisCommands({ url: master.url });
  const subscriber = redisSubscriber({ url: other.url });
  const broker = createRedisBroker({ commands, subscriber, logger, metrics });
  const states: boolean[] = [];
  broker.onLive((live) => states.push(live));
  const told = () => lines.some(({ fields }) => fields['message'] === reason);
  await expect.poll(told, { timeout: 10_000 }).toBe(true);
  await expect(broker.subscribe(freshRoom(), () => {})).rejects.toBeInstanceOf(BrokerUnavailableError);
  expect(states).toEqual([false]);
  await broker.close();
  for (const client of [commands, subscriber]) client.disconnect();
});

test('a password is used and never logged', async () => {
  const server = await start({ requirepass: 'hunter2' });
  const { metrics, logger, lines } = recordObservability();
  const right = connect({ url: server.url.replace('//', '//:hunter2@') }, { metrics, logger });
  await becomes(right.broker, true);
  const wrong = connect({ url: server.url.replace('//', '//:hunter3@') }, { metrics, logger });
  const lost = () => lines.some(({ message }) => message === 'redis connection lost');
  await expect.poll(lost, { timeout: 10_000 }).toBe(true);
  await expect(wrong.broker.read(freshRoom())).rejects.toBeInstanceOf(BrokerUnavailableError);
  expect(JSON.stringify(lines)).not.toMatch(/hunter/);
});

const REFUSING: [why: string, refuse: string[], accept: string[]][] = [
  ['its replicas are too few', ['min-replicas-to-write', '1'], ['min-replicas-to-write', '0']],
  ['its memory is full', ['maxmemory', '1'], ['maxmemory', '0']],
];

test.each(REFUSING)(
  'a server that takes no writes because %s is away, and back when it does',
  async (_why, refuse, accept) => {
    const server = await start();
    const connected = await connectLive(server);
    const { broker } = connected;
    const room = freshRoom();
    const recorder = createRecorder();
    await broker.subscribe(room, recorder.deliver);
    await broker.append({ room, keys: [['before']] });
    const lost = becomes(broker, false);
    await server.cli('CONFIG', 'SET', ...refuse);
    await lost;
    await expect(broker.append({ room: freshRoom(), keys: [['a']] })).rejects.toBeInstanceOf(BrokerUnavailableError);
    await expect(broker.append({ room, keys: [['a']], id: 'x' })).rejects.toBeInstanceOf(BrokerUnavailableError);
    const back = becomes(broker, true);
    await server.cli('CONFIG', 'SET', ...accept);
    await back;
    await broker.append({ room, keys: [['a']], id: 'x' });
    expect(await recorder.heard(2)).toMatchObject([{ keys: [['before']] }, { keys: [['a']], id: 'x' }]);
  },
);
