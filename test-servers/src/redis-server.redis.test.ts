import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisServer, startRedis } from './redis-server.js';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('it answers and persists nothing', async () => {
  expect(await redis.cli('ping')).toBe('PONG');
  expect(await redis.cli('config', 'get', 'save')).toBe('save\n');
});

test('an error reply rejects', async () => {
  await expect(redis.cli('incr')).rejects.toThrow(/wrong number of arguments/);
});

test('after a stop nothing listens, and the next start has the same port', async () => {
  await redis.cli('set', 'a', '1');
  await redis.stop();
  await expect(redis.cli('ping')).rejects.toThrow(/refused/i);
  await redis.start();
  expect(await redis.cli('exists', 'a')).toBe('0');
});

test('a killed one with a log on disk starts with its data', async () => {
  const durable = await startRedis({ config: { appendonly: 'yes', appendfsync: 'always' } });
  await durable.cli('set', 'a', '1');
  await durable.kill();
  await durable.start();
  expect(await durable.cli('get', 'a')).toBe('1');
  await durable.close();
});

test('a paused one can be closed', async () => {
  const paused = await startRedis();
  paused.pause();
  await paused.close();
  await paused.close();
});

test('several start at once, each with a port of its own', async () => {
  const servers = await Promise.all(Array.from({ length: 4 }, () => startRedis()));
  expect(new Set(servers.map((server) => server.port)).size).toBe(4);
  await Promise.all(servers.map((server) => server.close()));
});

test('what it cannot be started with is said in its own words', async () => {
  await expect(startRedis({ config: { maxmemory: 'plenty' } })).rejects.toThrow(/argument must be a memory value/);
});
