import { startRedis } from '@querycast/test-servers';
import { expect, test } from 'vitest';
import { redisSubscriber } from './connect.js';
import { standSubscription } from './standing-subscription.js';

test('ends while the server hangs, for whoever closes must not hang with it', async () => {
  const redis = await startRedis();
  const client = redisSubscriber({ url: redis.url });
  let end = async () => {};
  await new Promise<void>((resolve, reject) => {
    end = standSubscription({
      client,
      channel: 'news',
      isSharded: false,
      onStanding: resolve,
      onFailure: reject,
    });
  });
  redis.pause();
  const askedAt = performance.now();
  await end();
  expect(performance.now() - askedAt).toBeLessThan(2_000);
  client.disconnect();
  redis.resume();
  await redis.close();
});
