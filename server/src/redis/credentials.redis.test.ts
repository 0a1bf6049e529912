import { inspect } from 'node:util';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRedisBroker } from '../broker/redis-broker.js';
import { createCache } from '../cache/cache.js';
import { redisStore } from '../cache/redis-store.js';
import { createPublisher } from '../publisher/publisher.js';
import { recordObservability } from '../publisher/recorded-observability.js';
import { redisDoor } from '../publisher/redis-door.js';
import { redisCommands, redisSubscriber } from './connect.js';

const USER = 'gateway';
const PASSWORD = 'hunter2-hunter2';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const setPassword = (password: string) =>
  redis.cli('ACL', 'SETUSER', USER, 'on', 'resetpass', `>${password}`, '~*', '&*', '+@all');

/** Everything that asks Redis for something, by the same user. */
function startEverything() {
  const recorded = recordObservability();
  const { logger, metrics } = recorded;
  const target = { url: `redis://${USER}:${PASSWORD}@127.0.0.1:${redis.port}` };
  const connect = (open: typeof redisCommands) => open(target, { logger, metrics });
  const commands = connect(redisCommands);
  const subscribers = [connect(redisSubscriber), connect(redisSubscriber)] as const;
  const [ofLog, ofDoor] = subscribers;
  const broker = createRedisBroker({ commands, subscriber: ofLog, logger, metrics });
  const publisher = createPublisher({ broker, logger, metrics });
  const door = redisDoor({ commands, subscriber: ofDoor, publisher, logger, metrics });
  const cache = createCache({ store: redisStore(commands), logger, metrics });
  return {
    ...recorded,
    async use() {
      await publisher.invalidate({ rooms: ['parent:1'], keys: [['a']] }).catch(() => undefined);
      await cache.getOrCompute({ owner: 'parent:1', key: 'a', ttlMs: 1_000, compute: async () => 1 });
      await cache.evict(['parent:1']).catch(() => undefined);
    },
    /** Everything that was written, as the most talkative logger would have it. */
    said: () => inspect(recorded.lines, { depth: 12, showHidden: true, maxArrayLength: null, maxStringLength: null }),
    async close() {
      await door.close();
      await broker.close();
      for (const client of [commands, ...subscribers]) client.disconnect();
    },
  };
}

test('a password that is refused, at the start or once it was changed, is never told, and neither is the right one', async () => {
  await setPassword(PASSWORD);
  const running = startEverything();
  const has = (message: string) => vi.waitFor(() => expect(running.said()).toContain(message), 10_000);
  await has('broker live');
  await has('redis door open');
  await running.use();

  await setPassword('another');
  await redis.cli('CLIENT', 'KILL', 'USER', USER);
  await has('redis connection lost');
  await running.use();
  const late = startEverything();
  await vi.waitFor(() => expect(late.said()).toContain('WRONGPASS'), 10_000);
  await late.use();
  // What is queued until the server lets somebody in would be told why not.
  await setPassword(PASSWORD);
  await vi.waitFor(() => expect(late.said()).toContain('redis door open'), 10_000);
  await Promise.all([running.close(), late.close()]);
  for (const { said } of [running, late]) expect(said()).not.toContain(PASSWORD);
});
