import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshRoom } from './conformance/harness.js';
import { brokerConformance } from './conformance.js';
import { becomes, connectBroker, makeConformanceBroker } from './redis-broker.test.support.js';

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(() => server?.close());

brokerConformance('Redis broker', () => makeConformanceBroker({ url: server.url }));

it('says it is live under the incarnation that appends and reads answer', async () => {
  const { broker, close } = connectBroker({ url: server.url });
  const incarnation = await becomes(broker, true);
  expect((await broker.read(freshRoom())).incarnation).toBe(incarnation);
  await close();
});
