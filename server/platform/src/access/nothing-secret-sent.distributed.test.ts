import { monitorRedis } from '@querycast/test-servers';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createDistributedPlace } from '../testing/test-place.js';
import { START_TIMEOUT_MS, startTestPlatform } from '../testing/test-platform.js';
import { openWriters, secretsIn } from './every-write.test.support.js';

test('neither Redis nor a notification of the database is told a credential or an e-mail, whatever is written and read', {
  timeout: 2 * START_TIMEOUT_MS,
}, async () => {
  const place = await createDistributedPlace();
  const watcher = new Redis(place.redis.url);
  const listener = new Client({ connectionString: place.database.url });
  const platform = await startTestPlatform({}, { toldWithinMs: 0 }, place);
  await listener.connect();
  // At once: later the last statement of a connection that listens is the one that asks whether it lives.
  const channels = await channelsOf(listener);
  const other = await startTestPlatform({}, { toldWithinMs: 0 }, place);
  const commands: string[] = [];
  const payloads: string[] = [];
  try {
    // All that is asked of Redis and published there, by whichever connection.
    const monitor = await monitorRedis(place.redis, ({ words }) => commands.push(words.join(' ')));
    listener.on('notification', ({ channel, payload = '' }) => payloads.push(`${channel} ${payload}`));
    for (const channel of channels) await listener.query(`LISTEN ${channel}`);

    const writers = await openWriters(platform);
    await writers.writeEverything();
    for (const [email, path] of READS) {
      const { token } = await other.logIn(email);
      expect((await other.call(path, { token })).status).toBe(200);
    }
    await platform.parts.relay.settled();
    await monitor.heard();
    monitor.close();

    const secrets = await writers.secrets();
    const sent = commands.join('\n');
    // Names are cached with what shows them.
    expect(sent).toContain('Petrova');
    expect(sent).toContain('parent_dashboard_data');
    expect(secretsIn(sent, secrets)).toEqual([]);
    const kept = await valuesOf(watcher);
    expect(kept).toContain('parent_dashboard_data');
    expect(secretsIn(kept, secrets)).toEqual([]);
    expect(payloads.length).toBeGreaterThan(0);
    expect(secretsIn(payloads.join('\n'), secrets)).toEqual([]);
  } finally {
    watcher.disconnect();
    await listener.end();
    await other.close();
    await platform.remove();
  }
});

const READS = [
  ['parent@demo.test', '/api/parent/dashboard'],
  ['student@demo.test', '/api/student/dashboard'],
  ['teacher@demo.test', '/api/teacher/dashboard'],
  ['tutor@demo.test', '/api/tutor/students'],
] as const;

/** On which a node listens that has just been started. */
async function channelsOf(client: Client): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT DISTINCT substring(query FROM '(?i)^listen\\s+"?(\\w+)') AS channel FROM pg_stat_activity
      WHERE datname = current_database() AND query ~* '^listen\\s'`,
  );
  const channels = rows.map(({ channel }) => String(channel));
  expect(channels).toContain('querycast_outbox');
  return channels;
}

/** Everything that is kept in a Redis, with its keys. */
async function valuesOf(redis: Redis): Promise<string> {
  const parts: string[] = [];
  for (const key of await redis.keys('*')) {
    const read = READERS[await redis.type(key)];
    if (!read) throw new Error(`nobody knows how to read ${key}`);
    parts.push(key, JSON.stringify(await read(redis, key)));
  }
  return parts.join('\n');
}

const READERS: Readonly<Record<string, (redis: Redis, key: string) => Promise<unknown>>> = {
  string: (redis, key) => redis.get(key),
  hash: (redis, key) => redis.hgetall(key),
  zset: (redis, key) => redis.zrange(key, '0', '-1'),
  set: (redis, key) => redis.smembers(key),
  list: (redis, key) => redis.lrange(key, 0, -1),
};
