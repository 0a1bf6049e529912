import { randomBytes } from 'node:crypto';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRedisBroker } from '../../../server/src/broker/redis-broker.js';
import { type Logger, silentLogger } from '../../../server/src/observability/logger.js';
import { createPublisher } from '../../../server/src/publisher/publisher.js';
import { redisDoor } from '../../../server/src/publisher/redis-door.js';
import { redisCommands, redisSubscriber } from '../../../server/src/redis/connect.js';
import { countingMetrics } from '../run/counting-metrics.js';
import { fuzz, TIMEOUT_MS } from '../run/fuzz.js';
import { isGoodInvalidation } from '../run/judge.js';
import { parsedJson } from '../run/parsed-json.js';
import { createLedger, watchBroker } from '../run/watched-broker.js';
import { invalidation, ROOMS } from '../values/messages.js';
import { bytesOf, mutatedText } from '../values/mutated.js';

const REFUSED = /^publish_refused_total redis (bad_request|invalid_invalidation)$/;

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test(
  'qc:publish takes what is within the limits, once, refuses all else, and passes it on as it was',
  async () => {
    const prefix = `qc-${randomBytes(6).toString('hex')}:`;
    const { metrics, next, countOf } = countingMetrics();
    const clients = [redisCommands(redis), redisSubscriber(redis), redisSubscriber(redis)] as const;
    const [commands, subscriber, doorSubscriber] = clients;
    const broker = createRedisBroker({ commands, subscriber, prefix, metrics });
    await new Promise<void>((resolve) => broker.onLive((live) => live && resolve()));
    const watched = watchBroker(broker);
    const ledger = createLedger();
    const delivered = new Map<string, number>();
    for (const room of ROOMS) {
      await broker.subscribe(room, () => delivered.set(room, (delivered.get(room) ?? 0) + 1));
    }
    const publisher = createPublisher({ broker: watched.broker, metrics });
    let opened = () => {};
    const open = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const logger: Logger = { ...silentLogger, info: (_, message) => message === 'redis door open' && opened() };
    const door = redisDoor({
      commands,
      subscriber: doorSubscriber,
      publisher,
      prefix,
      // Not what is tried here.
      maxPerSecond: 1_000_000,
      metrics,
      logger,
    });
    await open;

    async function publish(message: Buffer | string): Promise<string> {
      const outcome = next('publishes_total', 'publish_refused_total');
      await commands.publish(`${prefix}publish`, message);
      return await outcome;
    }

    const outcomes = await fuzz({
      door: 'qc:publish',
      seed: 101,
      input: bytesOf(mutatedText(invalidation)),
      async judge(message) {
        const outcome = await publish(message);
        const value = parsedJson(message.toString());
        const good = isGoodInvalidation(value) ? value : undefined;
        ledger.expectAppended(good, watched.taken());
        expect(outcome).toMatch(good ? /^publishes_total redis$/ : REFUSED);
        return outcome;
      },
      async afterwards() {
        expect(await publish(JSON.stringify({ rooms: ROOMS, keys: [['good']] }))).toBe('publishes_total redis');
        for (const room of ROOMS) {
          const { position } = await broker.read(room);
          const offset = Number(position.split(':')[1]);
          expect(offset).toBe(ledger.offsetOf(room) + 1);
          // Each of them arrived as an envelope that can be read: it is put together as text, in Lua.
          await expect.poll(() => delivered.get(room)).toBe(offset);
          expect((await broker.read(room, `${position.split(':')[0]}:${offset - 1}` as never)).keys).toEqual([
            ['good'],
          ]);
        }
        expect(countOf('broker_malformed_total')).toBe(0);
      },
    });
    expect(outcomes['publishes_total redis']).toBeGreaterThan(0);
    expect(outcomes['publish_refused_total redis invalid_invalidation']).toBeGreaterThan(0);
    await door.close();
    await broker.close();
    for (const client of clients) client.disconnect();
  },
  TIMEOUT_MS,
);
