import { type Logger, silentLogger } from '@querycast/server';
import type { Signals } from '@querycast/server/postgres';
import { startPostgres, startRedis, startSentinel } from '@querycast/test-servers';
import { expect, test } from 'vitest';
import { readConfig } from './config.js';
import { startPlatform } from './start-platform.js';
import { openLiveClient } from './testing/live-client.test.support.js';
import { createQueue } from './testing/live-socket.js';
import { createDistributedPlace } from './testing/test-place.js';
import { START_TIMEOUT_MS, startTestPlatform } from './testing/test-platform.js';

const PASSWORD = 'hunter2-hunter2';

/** A logger, and the messages it was given, one after the other. */
function recordingLogger() {
  const lines = createQueue<{ message: string; fields: object }>();
  const record = (fields: object, message: string) => lines.push({ message, fields });
  const logger: Logger = { debug: record, info: record, warn: record, error: record };
  return {
    logger,
    async said(message: string) {
      for (;;) {
        const line = await lines.next();
        if (line.message === message) return line.fields;
      }
    },
  };
}

/** The problem a start was refused with, in one text. */
async function refusal(variables: Readonly<Record<string, string>>): Promise<{ code: string; message: string }> {
  const started = startPlatform(readConfig({ ...variables, PORT: '0' }));
  const error = await started.then(
    () => undefined,
    (reason: { code: string; message: string; cause?: Error }) => reason,
  );
  if (error === undefined) throw new Error('the platform has started');
  expect(JSON.stringify([error.message, error.code, String(error.cause ?? '')])).not.toContain(PASSWORD);
  return { code: error.code, message: error.message };
}

test(
  'without Redis it starts, says so, answers and writes; when Redis comes, everybody hears what was written',
  async () => {
    const place = await createDistributedPlace();
    await place.redis.stop();
    const { logger, said } = recordingLogger();
    let held = Promise.resolve();
    const signals = (all: Signals) =>
      Object.fromEntries(
        Object.entries(all).map(([source, signal]): [string, typeof signal] => [
          source,
          (...call) => held.then(() => signal(...call)),
        ]),
      );
    const platform = await startTestPlatform({}, { logger, signals }, place);
    expect(await said('redis does not answer, starting without it')).toMatchObject({ use: 'log' });
    expect((await platform.call('/readyz')).status).toBe(200);

    const [olga, marina] = [await platform.logIn('parent@demo.test'), await platform.logIn('tutor@demo.test')];
    const live = openLiveClient(platform.url, olga.token);
    await live.next('ready');
    const body = { subjectId: 2, teacherId: 6 };
    const assigned = await platform.call('/api/tutor/students/3/subjects', {
      method: 'POST',
      token: marina.token,
      body,
    });
    expect(assigned.status).toBe(201);
    const subjects = await platform.call('/api/parent/children/3/subjects', { token: olga.token });
    expect(subjects.body).toHaveLength(2);

    // A page that is told where its room stands only after the change was published has nothing to hear of it.
    let goOn = () => {};
    held = new Promise((resolve) => {
      goOn = resolve;
    });
    await place.redis.start();
    await live.next('joined');
    goOn();
    expect(await live.next('invalidate')).toMatchObject({ keys: expect.arrayContaining([['parent-dashboard']]) });
    live.close();
    await platform.remove();
  },
  START_TIMEOUT_MS,
);

test(
  'a Redis that answers late and is of the wrong kind is told in the log',
  async () => {
    const place = await createDistributedPlace();
    const cache = await startRedis({ config: { replicaof: `127.0.0.1 ${place.redis.port}` } });
    await cache.stop();
    const { logger, said } = recordingLogger();
    const variables = { CACHE_REDIS_URL: cache.url };
    const platform = await startTestPlatform(variables, { logger }, place);
    expect(await said('redis does not answer, starting without it')).toMatchObject({ use: 'cache' });
    await cache.start();
    expect(await said('redis cannot be used')).toMatchObject({ reason: expect.stringContaining('replica') });
    await platform.remove();
    await cache.close();
  },
  START_TIMEOUT_MS,
);

test(
  'a Redis of a Cluster, a replica and a Sentinel are refused, whatever they are for',
  async () => {
    const place = await createDistributedPlace();
    const clustered = await startRedis({ config: { 'cluster-enabled': 'yes' } });
    const replica = await startRedis({ config: { replicaof: `127.0.0.1 ${place.redis.port}` } });
    const sentinel = await startSentinel({ name: 'querycast', masterPort: place.redis.port });
    const refused = (variables: Readonly<Record<string, string>>) => refusal({ ...place.variables, ...variables });
    const at = (url: string) => new URL(url).host;

    for (const [server, why] of [
      [clustered, 'cluster'],
      [replica, 'replica'],
      [sentinel, 'Sentinel'],
    ] as const) {
      const withPassword = `redis://default:${PASSWORD}@${at(server.url)}`;
      expect(await refused({ REDIS_URL: withPassword, CACHE_REDIS_URL: place.redis.url })).toEqual({
        code: 'redis_unusable',
        message: expect.stringMatching(new RegExp(`^The Redis at ${at(server.url)} cannot hold the log: .*${why}`)),
      });
      expect(await refused({ CACHE_REDIS_URL: withPassword })).toEqual({
        code: 'redis_unusable',
        message: expect.stringMatching(new RegExp(`^The Redis at ${at(server.url)} cannot hold the cache: .*${why}`)),
      });
    }
    await Promise.all([clustered.close(), replica.close(), sentinel.close()]);
    await place.remove();
  },
  START_TIMEOUT_MS,
);

test(
  'a server that answers, and will never let anybody in, is refused instead of waited for',
  async () => {
    const place = await createDistributedPlace();
    const locked = await startRedis({ config: { requirepass: 'another' } });
    const { REDIS_URL: plain, ...withoutLog } = place.variables;
    const wrong = `redis://:${PASSWORD}@${new URL(locked.url).host}`;
    const sentinels = { REDIS_SENTINEL_URLS: plain, REDIS_SENTINEL_NAME: 'querycast' };
    const refusals = await Promise.all([
      refusal({ ...withoutLog, REDIS_URL: locked.url }),
      refusal({ ...withoutLog, REDIS_URL: plain, CACHE_REDIS_URL: wrong }),
      refusal({ ...withoutLog, REDIS_CLUSTER_URLS: wrong }),
      refusal({ ...withoutLog, REDIS_CLUSTER_URLS: plain }),
      refusal({ ...withoutLog, ...sentinels }),
    ]);
    expect(refusals.map(({ message }) => message)).toEqual([
      expect.stringMatching(/cannot hold the log: it refuses the user or the password\.$/),
      expect.stringMatching(/cannot hold the cache: it refuses the user or the password\.$/),
      expect.stringMatching(/cannot hold the log: it refuses the user or the password\.$/),
      expect.stringMatching(/cannot hold the log: it belongs to no cluster/),
      expect.stringMatching(/cannot hold the log: it is no Sentinel/),
    ]);
    await locked.close();
    await place.remove();
  },
  START_TIMEOUT_MS,
);

test(
  'on a Cluster everything works, and nothing is cached',
  async () => {
    const place = await createDistributedPlace();
    const cluster = await startRedis({ config: { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' } });
    await cluster.cli('cluster', 'addslotsrange', '0', '16383');
    const { REDIS_URL: _, ...withoutLog } = place.variables;
    const onCluster = { ...place, variables: { ...withoutLog, REDIS_CLUSTER_URLS: cluster.url } };
    const statements: string[] = [];
    const platform = await startTestPlatform({}, { onStatement: (text) => statements.push(text) }, onCluster);
    const other = await startTestPlatform({}, {}, onCluster);
    const [olga, marina] = [await platform.logIn('parent@demo.test'), await other.logIn('tutor@demo.test')];
    const live = await platform.connect(olga.token);

    const computed = async () => {
      statements.length = 0;
      await platform.call('/api/parent/dashboard', { token: olga.token });
      return statements.some((statement) => statement.includes('"grade"'));
    };
    expect([await computed(), await computed()]).toEqual([true, true]);
    const body = { subjectId: 2, teacherId: 6 };
    await other.call('/api/tutor/students/3/subjects', { method: 'POST', token: marina.token, body });
    expect(await live.nextFrame()).toMatchObject({ keys: expect.arrayContaining([['parent-dashboard']]) });
    await other.call('/api/auth/logout', { method: 'POST', token: olga.token });
    expect(await live.evicted).toBe('logged_out');

    await Promise.all([platform.close(), other.close()]);
    await cluster.close();
    await place.remove();
  },
  START_TIMEOUT_MS,
);

test(
  'a PostgreSQL that is not there, or has no such database, is refused without its password',
  async () => {
    const place = await createDistributedPlace();
    const url = new URL(place.variables.DATABASE_URL);
    url.password = PASSWORD;
    url.pathname = '/gone';
    const gone = await refusal({ ...place.variables, DATABASE_URL: url.href });
    expect(gone).toMatchObject({ code: 'database_unusable', message: expect.stringContaining('no database') });
    // The discard port: nobody listens there.
    url.port = '9';
    const away = await refusal({ ...place.variables, DATABASE_URL: url.href });
    expect(away).toMatchObject({ code: 'database_unusable', message: expect.stringContaining('DATABASE_URL') });
    await place.remove();
  },
  START_TIMEOUT_MS,
);

test(
  'nodes that start at once on an empty database both come up, on one set of people',
  async () => {
    const place = await createDistributedPlace('template1');
    const nodes = await Promise.all([startTestPlatform({}, {}, place), startTestPlatform({}, {}, place)]);
    for (const node of nodes) expect((await node.logIn('parent@demo.test')).user.id).toBe(1);
    await Promise.all(nodes.map((node) => node.close()));
    await place.remove();
  },
  START_TIMEOUT_MS,
);

test(
  'closing takes less than 5 s while Redis hangs and PostgreSQL is gone, and no part has to be left behind',
  async () => {
    const place = await createDistributedPlace();
    const postgres = await startPostgres();
    const variables = { DATABASE_URL: postgres.url(await postgres.createDatabase()) };
    const failures: object[] = [];
    const error = (fields: object, message: string) => {
      if (message === 'part failed to close') failures.push(fields);
    };
    const logger = { ...silentLogger, error };
    const platform = await startTestPlatform(variables, { logger }, place);
    const { token } = await platform.logIn('tutor@demo.test');
    await platform.connect(token);
    place.redis.pause();
    // Something to be under way.
    const body = { subjectId: 2, teacherId: 6 };
    await platform.call('/api/tutor/students/3/subjects', { method: 'POST', token, body });
    await postgres.stop('immediate');
    const askedAt = Date.now();
    await platform.close();
    expect(Date.now() - askedAt).toBeLessThan(5_000);
    expect(failures).toEqual([]);
    place.redis.resume();
    await postgres.close();
    await place.remove();
  },
  START_TIMEOUT_MS,
);
