import { randomBytes } from 'node:crypto';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { createMemoryBroker, type MemoryBroker } from '../broker/memory-broker.js';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import { MAX_PUBLISH_BYTES } from './publish-size.js';
import { createPublisher } from './publisher.js';
import { recordObservability } from './recorded-observability.js';
import { redisDoor } from './redis-door.js';

let redis: RedisServer;
let prefix: string;
let broker: MemoryBroker;
let closing: (() => Promise<void>)[];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

beforeEach(() => {
  prefix = `qc-${randomBytes(6).toString('hex')}:`;
  broker = createMemoryBroker();
  closing = [];
});

afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  await broker.close();
});

/** A door of its own process, over the log that all of them share. */
function openDoor(shared: Broker = broker) {
  const [commands, subscriber] = [redisCommands(redis), redisSubscriber(redis)];
  const recorded = recordObservability();
  const { logger, metrics, counts, lines } = recorded;
  const door = redisDoor({
    commands,
    subscriber,
    publisher: createPublisher({ broker: shared, logger, metrics }),
    prefix,
    logger,
    metrics,
  });
  closing.push(async () => {
    await door.close();
    commands.disconnect();
    subscriber.disconnect();
  });
  return {
    door,
    counts,
    lines,
    counted: (name: string) => counts.filter((count) => count.name === name),
    logged: (message: string) =>
      vi.waitFor(() => expect(lines.map((line) => line.message)).toContain(message), { timeout: 10_000 }),
  };
}

/** Waits until so many doors are open. */
const untilOpen = (doors: number) =>
  vi.waitFor(
    async () => expect(await redis.cli('PUBSUB', 'NUMSUB', `${prefix}publish`)).toBe(`${prefix}publish\n${doors}`),
    { timeout: 10_000, interval: 20 },
  );

const publish = (message: string) => redis.cli('PUBLISH', `${prefix}publish`, message);
const offsetOf = async (room: 'parent:1' | 'parent:2') => Number((await broker.read(room)).position.split(':')[1]);

describe('a message on qc:publish', () => {
  it('is appended to its rooms, with its keys, and counted by this door', async () => {
    const { position } = await broker.read('parent:1');
    const { counted } = openDoor();
    await untilOpen(1);
    await publish('{"rooms":["parent:1","parent:2"],"keys":[["parent-dashboard"],["child",7]]}');
    await expect
      .poll(() => counted('publishes_total'))
      .toEqual([{ name: 'publishes_total', labels: { door: 'redis' } }]);
    expect((await broker.read('parent:1', position)).keys).toEqual([['parent-dashboard'], ['child', 7]]);
    expect(await offsetOf('parent:2')).toBe(1);
  });

  it('without an id is appended by every door that hears it: correct, only more frames', async () => {
    const doors = [openDoor(), openDoor()];
    await untilOpen(2);
    await publish('{"rooms":["parent:1"],"keys":[["a"]]}');
    for (const { counted } of doors) await expect.poll(() => counted('publishes_total')).toHaveLength(1);
    expect(await offsetOf('parent:1')).toBe(2);
  });

  it('with an id is appended once, by whichever door is first', async () => {
    const doors = [openDoor(), openDoor()];
    await untilOpen(2);
    await publish('{"id":"change-7","rooms":["parent:1"],"keys":[["a"]]}');
    for (const { counted } of doors) await expect.poll(() => counted('publishes_total')).toHaveLength(1);
    expect(await offsetOf('parent:1')).toBe(1);
  });

  it.each([
    ['no JSON', 'S3CRET', 'bad_request'],
    ['half of it', '{"rooms":["parent:1"],"keys":[["S3CRET"]', 'bad_request'],
    ['nothing', '', 'bad_request'],
    ['too large', `{"rooms":["${'S3CRET'.repeat(MAX_PUBLISH_BYTES / 6)}"]}`, 'too_large'],
    ['null', 'null', 'invalid_invalidation'],
    ['a bad room', '{"rooms":["parent:1","S3CRET"],"keys":[["a"]]}', 'invalid_invalidation'],
    ['a key that matches everything', '{"rooms":["parent:1"],"keys":[[]]}', 'invalid_invalidation'],
    ['an integer beyond 2^53-1', '{"rooms":["parent:1"],"keys":[["a",9007199254740993]]}', 'invalid_invalidation'],
    ['an unknown field', '{"rooms":["parent:1"],"keys":[["a"]],"S3CRET":1}', 'invalid_invalidation'],
  ])(
    'that is malformed changes nothing, is logged without its values, and counted: %s',
    async (_name, message, code) => {
      const { counted, lines, logged } = openDoor();
      await untilOpen(1);
      // Larger than a command line may be: sent as a program would.
      if (code === 'too_large') await publishDirectly(message);
      else await publish(message);
      await logged('publish refused');
      expect(counted('publish_refused_total')).toEqual([
        { name: 'publish_refused_total', labels: { door: 'redis', code } },
      ]);
      expect(lines.at(-1)).toMatchObject({ level: 'warn', fields: { door: 'redis', code } });
      expect(JSON.stringify(lines)).not.toContain('S3CRET');
      expect(await offsetOf('parent:1')).toBe(0);
      await publish('{"rooms":["parent:1"],"keys":[["a"]]}');
      await expect.poll(() => counted('publishes_total')).toHaveLength(1);
    },
  );

  it('that the log cannot take now is logged and counted, and the door stays open', async () => {
    let isAway = true;
    const { counted, logged } = openDoor({
      ...broker,
      append: (append) => (isAway ? Promise.reject(new BrokerUnavailableError()) : broker.append(append)),
    });
    await untilOpen(1);
    await publish('{"rooms":["parent:1"],"keys":[["a"]]}');
    await logged('publish refused');
    expect(counted('publish_refused_total')).toMatchObject([{ labels: { door: 'redis', code: 'publish_incomplete' } }]);
    isAway = false;
    await publish('{"rooms":["parent:1"],"keys":[["a"]]}');
    await expect.poll(() => counted('publishes_total')).toHaveLength(1);
  });
});

describe('the door', () => {
  it('opens when Redis comes, though it was away at the start, and again after a restart and a crash', async () => {
    await redis.stop();
    const { counted, logged } = openDoor();
    await redis.start();
    await logged('redis door open');
    let published = 0;
    for (const end of [() => redis.stop(), () => redis.kill(), undefined]) {
      await untilOpen(1);
      await publish('{"rooms":["parent:1"],"keys":[["a"]]}');
      published += 1;
      await expect.poll(() => counted('publishes_total')).toHaveLength(published);
      if (!end) break;
      await end();
      await redis.start();
    }
  });

  it('hears nothing once it is closed, and closes as well when Redis is away', async () => {
    const { door } = openDoor();
    await untilOpen(1);
    await door.close();
    await door.close();
    await untilOpen(0);
    const late = openDoor();
    await untilOpen(1);
    await redis.stop();
    await late.door.close();
    await redis.start();
  });
});

async function publishDirectly(message: string): Promise<void> {
  const client = redisSubscriber({ url: redis.url });
  await client.publish(`${prefix}publish`, message);
  client.disconnect();
}
