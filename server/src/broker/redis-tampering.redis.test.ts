import { expect, test } from 'vitest';
import { recordObservability } from '../publisher/recorded-observability.js';
import { BrokerUnavailableError } from './broker.js';
import { createRecorder, freshRoom } from './conformance/harness.js';
import { useRedis } from './redis-fixture.test.support.js';

const { start, connectLive } = useRedis();

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
