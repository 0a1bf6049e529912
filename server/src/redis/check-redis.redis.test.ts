import { type RedisServer, startRedis, startSentinel } from '@querycast/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkRedis } from './check-redis.js';
import { redisCommands } from './connect.js';

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(() => server?.close());

/** Whoever is there is waited for, however busy the machine is. */
async function check(url: string, timeoutMs = 20_000) {
  const client = redisCommands({ url });
  try {
    const { reachable, refusals, warnings } = await checkRedis(client, { timeoutMs });
    return { reachable, codes: [...refusals, ...warnings].map(({ code }) => code) };
  } finally {
    client.disconnect();
  }
}

test('a server that is there is judged as soon as it can be reached', async () => {
  expect(await check(server.url)).toEqual({ reachable: true, codes: [] });
});

test('a server that is not there is not refused', async () => {
  expect(await check('redis://127.0.0.1:1', 1_000)).toEqual({ reachable: false, codes: [] });
});

test('a server that hangs is not refused', async () => {
  server.pause();
  expect(await check(server.url, 1_000)).toEqual({ reachable: false, codes: [] });
  server.resume();
});

test('a replica is refused', async () => {
  const replica = await startRedis({ config: { replicaof: `127.0.0.1 ${server.port}` } });
  expect((await check(replica.url)).codes).toEqual(['replica']);
  await replica.close();
});

test('a Sentinel is refused', async () => {
  const sentinel = await startSentinel({ name: 'querycast', masterPort: server.port });
  expect(await check(sentinel.url)).toEqual({ reachable: true, codes: ['sentinel'] });
  await sentinel.close();
});

test('a user who may not run INFO is refused, because the scripts run it', async () => {
  await server.cli('ACL', 'SETUSER', 'poor', 'on', '>secret', '~*', '&*', '+@all', '-info');
  expect((await check(server.url.replace('//', '//poor:secret@'))).codes).toEqual(['info_forbidden']);
});
