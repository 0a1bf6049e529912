import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { recordObservability } from '../publisher/recorded-observability.js';
import { redisNames } from './redis-names.js';
import { createRedisSubscriptions } from './redis-subscriptions.js';

/** A server that confirms when the test says so: which of two comes first is no matter of chance. */
function setUp() {
  const confirmations: (() => void)[] = [];
  const refusals: ((error: Error) => void)[] = [];
  const { logger, metrics, lines } = recordObservability();
  const subscriptions = createRedisSubscriptions({
    subscriber: new EventEmitter() as Redis,
    channels: {
      subscribe: () => new Promise((resolve) => confirmations.push(resolve)),
      unsubscribe: () => new Promise((_, reject) => refusals.push(reject)),
      renew: async () => {},
    },
    names: redisNames('test:'),
    logger,
    metrics,
  });
  return { subscriptions, confirmations, refusals, lines };
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

test.each([
  ['is told', false],
  ['is told no more once they are closed', true],
])('that the server did not forget a room %s', async (_, isClosed) => {
  const { subscriptions, confirmations, refusals, lines } = setUp();
  const subscribed = subscriptions.subscribe('parent:1', () => {});
  confirmations[0]?.();
  const ended = (await subscribed)();
  if (isClosed) await subscriptions.close();
  for (const refuse of refusals) refuse(new Error('the connection is closed'));
  await ended;
  expect(lines.map(({ message }) => message)).toEqual(isClosed ? [] : ['room not unsubscribed']);
});
