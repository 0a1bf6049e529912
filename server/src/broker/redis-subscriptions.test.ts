import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { silentLogger } from '../observability/logger.js';
import { noMetrics } from '../observability/metrics.js';
import { redisNames } from './redis-names.js';
import { createRedisSubscriptions } from './redis-subscriptions.js';

/** A server that confirms when the test says so: which of two comes first is no matter of chance. */
function setUp() {
  const confirmations: (() => void)[] = [];
  const subscriptions = createRedisSubscriptions({
    subscriber: new EventEmitter() as Redis,
    channels: {
      subscribe: () => new Promise((resolve) => confirmations.push(resolve)),
      unsubscribe: async () => {},
      renew: async () => {},
    },
    names: redisNames('test:'),
    logger: silentLogger,
    metrics: noMetrics,
  });
  return { subscriptions, confirmations };
}

test('while a room is confirmed anew, whoever subscribes waits for that, too: nothing before is certain to be heard', async () => {
  const { subscriptions, confirmations } = setUp();
  const subscribe = () => subscriptions.subscribe('parent:1', () => {});
  const first = Promise.all([subscribe(), subscribe()]);
  confirmations[0]?.();
  const [end] = await first;
  await end();
  const over: string[] = [];
  const anew = subscribe().then(() => over.push('anew'));
  const beside = subscribe().then(() => over.push('beside'));
  await new Promise(setImmediate);
  expect([confirmations.length, over]).toEqual([2, []]);
  confirmations[1]?.();
  await Promise.all([anew, beside]);
});
