import type { Logger } from '@querycast/server';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StartError } from '../start-error.js';
import { createDistributedPlace } from '../testing/test-place.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

type Place = Awaited<ReturnType<typeof createDistributedPlace>>;

const PASSWORD = 'hunter2-hunter2';
const CLAIM = 'qc:database';
const ENTRY = 'parent_dashboard_data:1:child_subjects:3';

/** Two places: two databases, and a Redis for each. */
let production: Place;
let staging: Place;
let cache: RedisServer;
let running: TestPlatform[];

beforeEach(async () => {
  running = [];
  [production, staging, cache] = await Promise.all([createDistributedPlace(), createDistributedPlace(), startRedis()]);
}, START_TIMEOUT_MS);

afterEach(async () => {
  await Promise.all(running.map((platform) => platform.close()));
  await Promise.all([production.remove(), staging.remove(), cache.close()]);
}, START_TIMEOUT_MS);

async function start(place: Place, variables: Readonly<Record<string, string>>, logger?: Logger) {
  const platform = await startTestPlatform(variables, logger ? { logger } : {}, place);
  running.push(platform);
  return platform;
}

async function refusal(place: Place, variables: Readonly<Record<string, string>>): Promise<StartError> {
  const error = await start(place, variables).catch((reason: unknown) => reason);
  if (!(error instanceof StartError)) throw new Error('the start was not refused', { cause: error });
  return error;
}

/** How many subjects of Anna her mother sees. */
async function subjectsOf(platform: TestPlatform): Promise<number> {
  const { token } = await platform.logIn('parent@demo.test');
  return (await platform.call('/api/parent/children/3/subjects', { token })).body.length;
}

/** Gives Anna a second subject, and waits until the cache has what her mother sees then. */
async function assignAndCache(platform: TestPlatform): Promise<void> {
  const { token } = await platform.logIn('tutor@demo.test');
  const body = { subjectId: 2, teacherId: 6 };
  await platform.call('/api/tutor/students/3/subjects', { method: 'POST', token, body });
  await platform.parts.relay.settled();
  expect(await subjectsOf(platform)).toBe(2);
  await vi.waitFor(async () => expect(await cache.cli('EXISTS', ENTRY)).toBe('1'));
}

const claimOn = (server: RedisServer) => server.cli('GET', CLAIM);

test(
  'a second database is refused on the Redis of a first, be it for the log or the cache, and told what to do',
  async () => {
    await start(production, { CACHE_REDIS_URL: cache.url });
    const withPassword = (server: RedisServer) => server.url.replace('//', `//default:${PASSWORD}@`);
    for (const [use, server, variables] of [
      ['log', production.redis, { REDIS_URL: withPassword(production.redis) }],
      ['cache', cache, { CACHE_REDIS_URL: withPassword(cache) }],
      ['cache', production.redis, { CACHE_REDIS_URL: withPassword(production.redis) }],
    ] as const) {
      const { code, message } = await refusal(staging, variables);
      expect(code).toBe('redis_of_another_database');
      expect(message).toBe(
        `The Redis at 127.0.0.1:${server.port} cannot hold the ${use}: it belongs to another database. Give each database ` +
          'a Redis of its own; if the other one is gone for good, stop whatever still uses this Redis and empty it with ' +
          'FLUSHDB.',
      );
    }
  },
  START_TIMEOUT_MS,
);

test(
  'nodes of one database all come up, also when they start at once, and when they come again',
  async () => {
    const variables = { CACHE_REDIS_URL: cache.url };
    await Promise.all([start(production, variables), start(production, variables), start(production, variables)]);
    const claims = [await claimOn(production.redis), await claimOn(cache)];
    expect(claims[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(claims[1]).toBe(claims[0]);
    await start(production, variables);
    expect([await claimOn(production.redis), await claimOn(cache)]).toEqual(claims);
  },
  START_TIMEOUT_MS,
);

test(
  'of two databases that claim one Redis at once, one gets it',
  async () => {
    const variables = { REDIS_URL: production.redis.url };
    const starts = await Promise.allSettled([start(production, variables), start(staging, variables)]);
    const refused = starts.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toMatchObject([{ code: 'redis_of_another_database' }]);
  },
  START_TIMEOUT_MS,
);

test(
  'a Redis that was emptied goes to whichever database comes first',
  async () => {
    const variables = { REDIS_URL: production.redis.url };
    await (await start(production, {})).close();
    const before = await claimOn(production.redis);
    await refusal(staging, variables);
    await production.redis.cli('FLUSHDB');
    await start(staging, variables);
    expect(await claimOn(production.redis)).toMatch(/^[0-9a-f-]{36}$/);
    expect(await claimOn(production.redis)).not.toBe(before);
    await refusal(production, {});
  },
  START_TIMEOUT_MS,
);

test(
  'a server that forgot everything in a restart is claimed again as soon as it is back',
  async () => {
    await start(production, { CACHE_REDIS_URL: cache.url });
    const before = await claimOn(production.redis);
    for (const server of [production.redis, cache]) {
      await server.kill();
      await server.start();
      await vi.waitFor(async () => expect(await claimOn(server)).toBe(before), { timeout: 10_000 });
    }
  },
  START_TIMEOUT_MS,
);

test(
  'a Redis of another database that answers late is told in the log, and its cached answers are never given',
  async () => {
    const first = await start(production, { CACHE_REDIS_URL: cache.url });
    await assignAndCache(first);

    for (const server of [production.redis, cache]) server.pause();
    const reasons: unknown[] = [];
    const error = (fields: object, message: string) => {
      if (message === 'redis cannot be used') reasons.push(fields);
    };
    const logger = { debug() {}, info() {}, warn() {}, error };
    const variables = { REDIS_URL: production.redis.url, CACHE_REDIS_URL: cache.url };
    const second = await start(staging, variables, logger);
    for (const server of [production.redis, cache]) server.resume();

    const reason = (use: string) => ({ reason: expect.stringContaining(`hold the ${use}: it belongs to another`) });
    await vi.waitFor(() => expect(reasons).toEqual(expect.arrayContaining([reason('log'), reason('cache')])), {
      timeout: 20_000,
    });
    expect(await cache.cli('EXISTS', ENTRY)).toBe('1');
    expect([await subjectsOf(second), await subjectsOf(first)]).toEqual([1, 2]);
  },
  START_TIMEOUT_MS,
);

test(
  'what another database cached is never answered, even when the cache server has lost the claim',
  async () => {
    const first = await start(production, { CACHE_REDIS_URL: cache.url });
    await assignAndCache(first);
    // As an eviction of the least recently used does.
    await cache.cli('DEL', CLAIM);
    const second = await start(staging, { CACHE_REDIS_URL: cache.url });
    expect([await subjectsOf(second), await subjectsOf(first)]).toEqual([1, 2]);
  },
  START_TIMEOUT_MS,
);
