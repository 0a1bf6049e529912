import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MAX_ROOMS_PER_PUBLISH } from '@querycast/protocol';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { createMemoryBroker, type MemoryBroker } from '../broker/memory-broker.js';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import { MAX_PUBLISH_BYTES } from './publish-size.js';
import { createPublisher } from './publisher.js';
import { recordObservability } from './recorded-observability.js';
import { redisDoor } from './redis-door.js';

const OPERATIONS = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

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
function openDoor(shared: Broker = broker, options: { readonly maxPerSecond?: number } = {}) {
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
    ...options,
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
    ['nothing but depth', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, 'invalid_invalidation'],
    ['a key of nothing but depth', deepKey(500_000), 'invalid_invalidation'],
    ['a prototype', '{"rooms":["parent:1"],"keys":[["a"]],"__proto__":{"S3CRET":1}}', 'invalid_invalidation'],
    ['a room of half a character', '{"rooms":["parent:1\\ud800S3CRET"],"keys":[["a"]]}', 'invalid_invalidation'],
    ['an unknown field', '{"rooms":["parent:1"],"keys":[["a"]],"S3CRET":1}', 'invalid_invalidation'],
  ])(
    'that is malformed changes nothing, is logged without its values, and counted: %s',
    async (_name, message, code) => {
      const { counted, lines, logged } = openDoor();
      await untilOpen(1);
      // Larger than a command line may be: sent as a program would.
      if (message.length > 100_000) await publishDirectly(message);
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

describe('a program that floods the channel', () => {
  it('is read up to the rate of the door, told of once a second, and heard again in the next', async () => {
    const { counted, lines } = openDoor(broker, { maxPerSecond: 3 });
    await untilOpen(1);
    const message = '{"rooms":["parent:1"],"keys":[["a"]]}';
    const began = performance.now();
    await publishDirectly(...Array<string>(5_000).fill(message));
    await expect.poll(() => counted('publishes_total').length + counted('publish_refused_total').length).toBe(5_000);
    const seconds = Math.ceil((performance.now() - began) / 1_000);
    const [read, refused] = [counted('publishes_total').length, counted('publish_refused_total')];
    expect(read).toBeGreaterThanOrEqual(3);
    expect(read).toBeLessThanOrEqual(3 * (seconds + 1));
    expect(new Set(refused.map(({ labels }) => labels['code']))).toEqual(new Set(['rate_limited']));
    const told = lines.filter((line) => line.message === 'publish refused');
    expect(told.length).toBeLessThanOrEqual(seconds + 1);
    expect(told[0]).toMatchObject({ level: 'warn', fields: { door: 'redis', code: 'rate_limited' } });
    await vi.waitFor(async () => {
      await publish(message);
      expect(counted('publishes_total').length).toBeGreaterThan(read);
    }, 10_000);
  });

  it('keeps nobody else waiting for a log that is slow: no more rooms are under way than four messages may have', async () => {
    const under = { way: 0, most: 0 };
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { counted } = openDoor({
      ...broker,
      async append(append) {
        under.way += 1;
        under.most = Math.max(under.most, under.way);
        await released;
        under.way -= 1;
        return await broker.append(append);
      },
    });
    await untilOpen(1);
    const rooms = Array.from({ length: MAX_ROOMS_PER_PUBLISH / 2 }, (_, n) => `parent:${n}`);
    await publishDirectly(...Array<string>(12).fill(JSON.stringify({ rooms, keys: [['a']] })));
    await expect.poll(() => counted('publish_refused_total')).toHaveLength(4);
    expect(counted('publish_refused_total')).toMatchObject(Array(4).fill({ labels: { code: 'overloaded' } }));
    expect(under.most).toBe(4 * MAX_ROOMS_PER_PUBLISH);
    release();
    await expect.poll(() => counted('publishes_total')).toHaveLength(8);
    await publish('{"rooms":["parent:1"],"keys":[["a"]]}');
    await expect.poll(() => counted('publishes_total')).toHaveLength(9);
  });

  it('cannot send more at once than the documented server takes, and disturbs no other publisher', async () => {
    const [, setting = ''] = /^redis-cli (CONFIG SET proto-max-bulk-len \S+)$/m.exec(OPERATIONS) ?? [];
    await redis.cli(...setting.split(' '));
    const { counted } = openDoor();
    await untilOpen(1);
    await expect(publishDirectly('x'.repeat(4_000_000))).rejects.toThrow();
    // The largest one that means anything is taken.
    await publishDirectly('x'.repeat(MAX_PUBLISH_BYTES));
    await expect.poll(() => counted('publish_refused_total')).toMatchObject([{ labels: { code: 'bad_request' } }]);
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

/** All at once, over one connection, as a program would. */
async function publishDirectly(...messages: readonly string[]): Promise<void> {
  const client = redisCommands({ url: redis.url });
  await new Promise((resolve) => client.once('ready', resolve));
  try {
    await Promise.all(messages.map((message) => client.publish(`${prefix}publish`, message)));
  } finally {
    client.disconnect();
  }
}

function deepKey(depth: number): string {
  return `{"rooms":["parent:1"],"keys":[["S3CRET",${'['.repeat(depth)}${']'.repeat(depth)}]]}`;
}
