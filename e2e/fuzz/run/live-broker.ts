import { randomBytes } from 'node:crypto';
import { createRedisBroker } from '../../../server/src/broker/redis-broker.js';
import { redisCommands, redisSubscriber } from '../../../server/src/redis/connect.js';
import { countingMetrics } from './counting-metrics.js';

/** A broker on a real Redis that is live, with what it counts. */
export async function liveBroker(redis: { readonly url: string }) {
  const prefix = `qc-${randomBytes(6).toString('hex')}:`;
  const counting = countingMetrics();
  const [commands, subscriber] = [redisCommands(redis), redisSubscriber(redis)];
  const broker = createRedisBroker({ commands, subscriber, prefix, metrics: counting.metrics });
  await new Promise<void>((resolve) => broker.onLive((live) => live && resolve()));
  return {
    ...counting,
    broker,
    prefix,
    commands,
    async close() {
      await broker.close();
      for (const client of [commands, subscriber]) client.disconnect();
    },
  };
}
