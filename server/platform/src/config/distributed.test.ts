import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../config.js';
import { databaseOf, serversOf } from './distributed.js';

/** Part of every credential below: must never be said. */
const PASSWORD = 'hunter2-hunter2';

const DATABASE_URL = `postgres://app:${PASSWORD}@db.internal/querycast`;
const REDIS_URL = `redis://:${PASSWORD}@log.internal:6380`;
const CACHE_REDIS_URL = `rediss://cache:${PASSWORD}@cache.internal/3`;
const CLUSTER = `redis://:${PASSWORD}@node-a, redis://:${PASSWORD}@node-b:7001`;
const SENTINELS = { REDIS_SENTINEL_URLS: 'redis://watch-a,redis://watch-b', REDIS_SENTINEL_NAME: 'querycast' };
const SECRETS = { AUTH_SECRET: `${PASSWORD}-${'x'.repeat(32)}`, PUBLISH_TOKEN: `${PASSWORD}-token` };
const GOOD = { DATABASE_URL, REDIS_URL, ...SECRETS };

/** What is said about bad variables, one sentence each; fails when it gives a value away. */
function refusal(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const said = `${error.message} ${error.stack} ${JSON.stringify(error)}`;
    for (const secret of [PASSWORD, 'internal', 'node-a']) expect(said).not.toContain(secret);
    return error.message.split('\n');
  }
  return [];
}

const warningsOf = (environment: Record<string, string>) => readConfig(environment).distributed?.warnings;

test('PostgreSQL and Redis are where several processes meet', () => {
  const config = readConfig({ ...GOOD, CACHE_REDIS_URL });
  expect(config.distributed).toEqual({
    databaseUrl: DATABASE_URL,
    redis: { url: REDIS_URL },
    cache: { url: CACHE_REDIS_URL },
    warnings: [],
  });
  expect(readConfig({ ...GOOD, DATABASE_URL: 'postgresql://db/querycast' })).toHaveProperty('distributed');
});

test('demo people come unasked to a process of its own only', () => {
  expect(readConfig({}).demoData).toBe(true);
  expect(readConfig({ DEMO_DATA: 'false' }).demoData).toBe(false);
  expect(readConfig(GOOD).demoData).toBe(false);
  const asked = readConfig({ ...GOOD, CACHE_REDIS_URL, DEMO_DATA: 'true' });
  expect(asked.demoData).toBe(true);
  expect(asked.distributed?.warnings).toEqual([expect.stringContaining('public password')]);
});

test('the cache is beside the log unless told otherwise, with a warning', () => {
  expect(readConfig(GOOD).distributed?.cache).toEqual({ url: REDIS_URL });
  expect(warningsOf(GOOD)).toEqual([expect.stringContaining('share one Redis')]);
  // Another database or user of the same server is the same memory.
  const same = { ...GOOD, CACHE_REDIS_URL: 'redis://someone@log.internal:6380/5' };
  expect(warningsOf(same)).toEqual([expect.stringContaining('share one Redis')]);

  const sentinel = readConfig({ DATABASE_URL, ...SECRETS, ...SENTINELS }).distributed;
  expect(sentinel?.redis).toEqual({ sentinels: ['redis://watch-a', 'redis://watch-b'], name: 'querycast' });
  expect(sentinel?.cache).toEqual(sentinel?.redis);
  expect(sentinel?.warnings).toEqual([expect.stringContaining('share one Redis')]);
});

test('beside a Cluster nothing is cached unless the cache has a server of its own', () => {
  const clustered = { DATABASE_URL, ...SECRETS, REDIS_CLUSTER_URLS: CLUSTER };
  const alone = readConfig(clustered).distributed;
  expect(alone?.redis).toEqual({ cluster: [`redis://:${PASSWORD}@node-a`, `redis://:${PASSWORD}@node-b:7001`] });
  expect(alone).toHaveProperty('cache', undefined);
  expect(alone?.warnings).toEqual([expect.stringContaining('Nothing is cached')]);
  expect(readConfig({ ...clustered, CACHE_REDIS_URL }).distributed).toMatchObject({
    cache: { url: CACHE_REDIS_URL },
    warnings: [],
  });
});

test('people are told servers and database without credentials', () => {
  expect(serversOf({ url: REDIS_URL })).toBe('log.internal:6380');
  expect(serversOf({ url: CACHE_REDIS_URL })).toBe('cache.internal:6379');
  expect(serversOf({ cluster: CLUSTER.split(', ') })).toBe('cluster of node-a:6379, node-b:7001');
  expect(serversOf({ sentinels: ['redis://a', 'redis://b:1'], name: 'x' })).toBe('x, found by a:26379, b:1');
  expect(databaseOf(DATABASE_URL)).toBe('db.internal:5432/querycast');
});

const REFUSED: [why: string, environment: Record<string, string>, sentences: RegExp[]][] = [
  ['a database without Redis', { DATABASE_URL, ...SECRETS }, [/^DATABASE_URL needs one of .*would not hear/]],
  [
    'a database with nothing but a cache',
    { DATABASE_URL, ...SECRETS, CACHE_REDIS_URL },
    [/^DATABASE_URL needs one of .*would not hear/],
  ],
  [
    'Redis without a database',
    { REDIS_URL, ...SECRETS },
    [/^DATABASE_URL is missing and REDIS_URL is set: two databases/],
  ],
  [
    'a cache without a database',
    { CACHE_REDIS_URL, ...SECRETS },
    [/^DATABASE_URL is missing and CACHE_REDIS_URL is set/],
  ],
  [
    'a Cluster without a database',
    { REDIS_CLUSTER_URLS: CLUSTER, ...SECRETS },
    [/^DATABASE_URL is missing and REDIS_CLUSTER_URLS is set/],
  ],
  [
    'Sentinels without a database',
    { ...SENTINELS, ...SECRETS },
    [/^DATABASE_URL is missing and REDIS_SENTINEL_URLS and REDIS_SENTINEL_NAME are set/],
  ],
  [
    'two places for the log',
    { ...GOOD, REDIS_CLUSTER_URLS: CLUSTER },
    [/^REDIS_CLUSTER_URLS cannot stand beside REDIS_URL/],
  ],
  [
    'three places for the log',
    { ...GOOD, ...SENTINELS, REDIS_CLUSTER_URLS: CLUSTER },
    [/^REDIS_SENTINEL_URLS cannot stand beside REDIS_URL/, /^REDIS_CLUSTER_URLS cannot stand beside REDIS_URL/],
  ],
  [
    'Sentinels that are not told the master',
    { DATABASE_URL, ...SECRETS, REDIS_SENTINEL_URLS: 'redis://a' },
    [/^REDIS_SENTINEL_NAME is missing/],
  ],
  ['a master without Sentinels', { ...GOOD, REDIS_SENTINEL_NAME: 'querycast' }, [/^REDIS_SENTINEL_URLS is missing/]],
  [
    'no secret',
    { DATABASE_URL, REDIS_URL, PUBLISH_TOKEN: SECRETS.PUBLISH_TOKEN },
    [/^AUTH_SECRET is missing: each process/],
  ],
  [
    'no token',
    { DATABASE_URL, REDIS_URL, AUTH_SECRET: SECRETS.AUTH_SECRET },
    [/^PUBLISH_TOKEN is missing: each process/],
  ],
  [
    'several mistakes, all told at once and once each',
    { PORT: 'x', REDIS_URL: `http://${PASSWORD}@log.internal`, AUTH_SECRET: PASSWORD },
    [
      /^PORT must/,
      /^REDIS_URL must be one URL/,
      /^AUTH_SECRET must have/,
      /^DATABASE_URL is missing/,
      /^PUBLISH_TOKEN is/,
    ],
  ],
];

test.each(REFUSED)('%s is refused', (_why, environment, sentences) => {
  expect(refusal(environment)).toEqual(sentences.map((sentence) => expect.stringMatching(sentence)));
});

const BAD_VALUES: [variable: string, value: string, sentence: RegExp][] = [
  ['DATABASE_URL', `mysql://app:${PASSWORD}@db.internal/querycast`, /such as postgres:/],
  ['DATABASE_URL', `postgres://app:${PASSWORD}@db.internal`, /such as postgres:/],
  ['DATABASE_URL', `postgres:///${PASSWORD}`, /such as postgres:/],
  ['DATABASE_URL', `postgres://app:%zz${PASSWORD}@db.internal/querycast`, /percent-encoded/],
  ['DATABASE_URL', `postgres://app:${PASSWORD}/x@db.internal/querycast`, /percent-encoded/],
  ['REDIS_URL', 'log.internal:6379', /such as redis:/],
  ['REDIS_URL', `redis://:${PASSWORD}@log.internal/0/1`, /such as redis:/],
  ['REDIS_URL', `redis://:%zz${PASSWORD}@log.internal`, /percent-encoded/],
  ['REDIS_URL', `redis://:${PASSWORD}@log.internal redis://node-a`, /must be one URL/],
  ['REDIS_URL', `redis://:${PASSWORD}@log.internal/1`, /two platforms on one server would hear each other/],
  ['REDIS_URL', `redis://log.internal?password=${PASSWORD}`, /question mark/],
  ['CACHE_REDIS_URL', `redis://log.internal?keyPrefix=${PASSWORD}`, /question mark/],
  ['REDIS_CLUSTER_URLS', ',', /separated by commas/],
  ['REDIS_CLUSTER_URLS', `redis://node-a, node-b:${PASSWORD}`, /separated by commas/],
  ['REDIS_CLUSTER_URLS', `redis://:${PASSWORD}@node-a, rediss://:${PASSWORD}@node-b`, /all redis:\/\/ or all rediss/],
  ['REDIS_CLUSTER_URLS', `redis://:${PASSWORD}@node-a, redis://node-b`, /same user and password/],
  ['REDIS_CLUSTER_URLS', 'redis://node-a/1', /two platforms/],
];

test.each(BAD_VALUES)('%s=%j is refused', (variable, value, sentence) => {
  const { REDIS_URL: _, ...withoutLog } = GOOD;
  const others = variable === 'REDIS_CLUSTER_URLS' ? withoutLog : GOOD;
  expect(refusal({ ...others, [variable]: value })).toEqual([expect.stringMatching(sentence)]);
});
