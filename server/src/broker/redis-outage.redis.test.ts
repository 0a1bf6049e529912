import { type Envelope, MAX_ROOMS_PER_PUBLISH } from '@querycast/protocol';
import { type RedisServer, type RedisServerOptions, startRedis } from '@querycast/test-servers';
import { afterEach, expect, test } from 'vitest';
import { recordObservability } from '../publisher/recorded-observability.js';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import { BrokerUnavailableError } from './broker.js';
import { createRecorder, expectContiguous, freshRoom } from './conformance/harness.js';
import { createRedisBroker } from './redis-broker.js';
import { becomes, type ConnectedBroker, connectBroker } from './redis-broker.test.support.js';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(config: RedisServerOptions['config'] = {}): Promise<RedisServer> {
  const server = await startRedis({ config });
  opened.push(server);
  return server;
}

type Options = Parameters<typeof connectBroker>[1];

function connect({ url }: { readonly url: string }, options: Options = {}): ConnectedBroker {
  const connected = connectBroker({ url }, options);
  opened.push(connected);
  return connected;
}

async function connectLive(server: RedisServer, options: Options = {}): Promise<ConnectedBroker> {
  const connected = connect(server, options);
  await becomes(connected.broker, true);
  return connected;
}

/** The rooms the server would send to anybody, in order. */
async function openChannels(server: RedisServer): Promise<string[]> {
  return (await server.cli('PUBSUB', 'SHARDCHANNELS')).split('\n').filter(Boolean).sort();
}

/** Runs a fault and resolves once the broker is live again after it. */
async function survives({ broker }: ConnectedBroker, fault: () => Promise<unknown>): Promise<string | undefined> {
  const lost = becomes(broker, false);
  await fault();
  await lost;
  return await becomes(broker, true);
}

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
  expect(performance.now() - began).toBeLessThan(1_000);
});

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
  expect(await server.cli('INFO', 'commandstats')).toMatch(/cmdstat_ssubscribe:calls=1,/);
  await Promise.all(ends.slice(1).map((end) => end()));
  expect(await openChannels(server)).toEqual([`${prefix}{${room}}`]);
  await ends[0]?.();
  expect(await openChannels(server)).toEqual([]);
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

test('what is no envelope of the room is refused, counted and logged without its content', async () => {
  const server = await start();
  const { metrics, logger, counts, lines } = recordObservability();
  const { broker, prefix, commands } = await connectLive(server, { metrics, logger });
  const room = freshRoom();
  const recorder = createRecorder();
  await broker.subscribe(room, recorder.deliver);
  const of = (fields: object) =>
    JSON.stringify({ room, prev: 'e:1', position: 'e:2', keys: [['hunter2']], at: 1, ...fields });
  const refused = ['hunter2', '{', '[]', of({ room: freshRoom() }), of({ keys: [[]] }), of({ extra: 'hunter2' })];
  for (const message of refused) await commands.spublish(`${prefix}{${room}}`, message);
  await broker.append({ room, keys: [['good']] });
  expect((await recorder.heard(1)).map(({ keys }) => keys)).toEqual([[['good']]]);
  expect(counts.filter(({ name }) => name === 'broker_malformed_total')).toHaveLength(refused.length);
  expect(lines.filter(({ message }) => message === 'broker message refused')).toHaveLength(refused.length);
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test('a log that somebody else wrote to answers resync', async () => {
  const server = await start();
  const { metrics, logger, counts } = recordObservability();
  const { broker, prefix, commands } = await connectLive(server, { metrics, logger });
  const room = freshRoom();
  const { position } = await broker.read(room);
  await broker.append({ room, keys: [['a']] });
  await commands.zadd(`${prefix}{${room}}:log`, 1, 'no json');
  expect(await broker.read(room, position)).toMatchObject({ status: 'resync', cause: 'floor', keys: [] });
  expect(counts).toContainEqual({ name: 'broker_malformed_total', labels: { source: 'log' } });
});

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

/** Counts the commands that wait for an answer of the server; those of the log are scripts. */
function countInFlight({ commands }: ConnectedBroker): { peak(): number } {
  let [now, peak] = [0, 0];
  for (const name of ['evalsha', 'eval'] as const) {
    const send = commands[name].bind(commands) as (...args: unknown[]) => Promise<unknown>;
    Object.assign(commands, {
      [name]: async (...args: unknown[]) => {
        now += 1;
        peak = Math.max(peak, now);
        try {
          return await send(...args);
        } finally {
          now -= 1;
        }
      },
    });
  }
  return { peak: () => peak };
}

test('a publish to as many rooms as the protocol allows reaches all of them, with few under way at a time', async () => {
  const server = await start();
  const connected = await connectLive(server);
  const { broker } = connected;
  const { peak } = countInFlight(connected);
  const rooms = Array.from({ length: MAX_ROOMS_PER_PUBLISH }, freshRoom);
  const appended = await Promise.all(rooms.map((room) => broker.append({ room, keys: [['a'], ['b', 1]], id: '1' })));
  expect(appended.filter(({ position }) => position.endsWith(':1'))).toHaveLength(rooms.length);
  expect(peak()).toBe(500);
});

test('reads of every open room at once: few under way at a time, all answered, and positions do not wait for them', async () => {
  const server = await start();
  const connected = await connectLive(server);
  const { broker } = connected;
  const { position } = await broker.read(freshRoom());
  const { peak } = countInFlight(connected);
  let answered = 0;
  const missed = Array.from({ length: 20_000 }, async () => {
    const { status } = await broker.read(freshRoom(), position);
    answered += 1;
    return status;
  });
  await Promise.all(Array.from({ length: 100 }, () => broker.read(freshRoom())));
  expect(answered).toBeLessThan(5_000);
  expect(new Set(await Promise.all(missed))).toEqual(new Set(['resync']));
  expect(peak()).toBe(600);
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

test('an append that the server breaks off leaves no id behind: its repetition appends', async () => {
  const server = await start();
  const { broker, commands, prefix } = await connectLive(server);
  const room = freshRoom();
  // Somebody else's hand: the log is no sorted set, so the script fails in the middle.
  await broker.append({ room, keys: [['a']] });
  await commands.set(`${prefix}{${room}}:log`, 'rubbish');
  await expect(broker.append({ room, keys: [['b']], id: 'x' })).rejects.toBeInstanceOf(BrokerUnavailableError);
  await commands.del(`${prefix}{${room}}:log`);
  const { position } = await broker.read(room);
  await broker.append({ room, keys: [['b']], id: 'x' });
  expect(await broker.read(room, position)).toMatchObject({ status: 'recovered', keys: [['b']] });
});
