import { randomBytes } from 'node:crypto';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, beforeAll } from 'vitest';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import type { Broker } from './broker.js';
import { brokerConformance } from './conformance.js';
import { createRedisBroker } from './redis-broker.js';

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(() => server?.close());

brokerConformance('Redis broker', async () => {
  const prefix = `test-${randomBytes(6).toString('hex')}:`;
  const commands = redisCommands({ url: server.url });
  const subscribers = [redisSubscriber({ url: server.url }), redisSubscriber({ url: server.url })] as const;
  const [broker, peer] = subscribers.map((subscriber) => createRedisBroker({ commands, subscriber, prefix }));
  if (!broker || !peer) throw new Error('two brokers were made');
  await Promise.all([live(broker), live(peer)]);
  return {
    broker,
    peer,
    async advance(elapsedMs) {
      for (const key of await commands.keys(`${prefix}*`)) {
        const leftMs = await commands.pttl(key);
        if (leftMs > elapsedMs) await commands.pexpire(key, leftMs - elapsedMs);
        else await commands.del(key);
      }
    },
    async close() {
      await Promise.all([broker.close(), peer.close()]);
      for (const client of [commands, ...subscribers]) client.disconnect();
    },
  };
});

async function live(broker: Broker): Promise<void> {
  let unlisten: () => void = () => undefined;
  await new Promise<void>((resolve) => {
    unlisten = broker.onLive((isLive) => isLive && resolve());
  });
  unlisten();
}
