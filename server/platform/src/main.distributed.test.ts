import { expect, test } from 'vitest';
import { runMain } from './testing/main-process.js';
import { createDistributedPlace } from './testing/test-place.js';
import { START_TIMEOUT_MS } from './testing/test-platform.js';

/** Both servers of the tests take any. */
const PASSWORD = 'hunter2-hunter2';

test(
  'it says which servers it is on, tells no password even in its noisiest log, touches no folder, and stops within 5 s',
  async () => {
    const place = await createDistributedPlace();
    const [databaseUrl, redisUrl] = [new URL(place.variables.DATABASE_URL), new URL(place.variables.REDIS_URL)];
    for (const url of [databaseUrl, redisUrl]) url.password = PASSWORD;
    redisUrl.username = 'default';
    const { child, output, said, ended } = runMain({
      ...place.variables,
      DATABASE_URL: databaseUrl.href,
      REDIS_URL: redisUrl.href,
      DEMO_DATA: '',
      LOG_LEVEL: 'trace',
      // No folder can be made there.
      DATA_DIR: '/proc/querycast',
    });
    try {
      await said('Ctrl-C');
      expect(output.stdout.split('\n')).toEqual([
        expect.stringMatching(/^Log in at: http:\/\/127\.0\.0\.1:\d+\/$/),
        '',
        `Database:  ${databaseUrl.host}${databaseUrl.pathname}`,
        `Redis:     ${redisUrl.host}`,
        `Cache:     ${redisUrl.host}`,
        '',
        'Stop with Ctrl-C.',
        '',
      ]);
      expect(output.stderr).toContain('share one Redis');
      const askedAt = Date.now();
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(Date.now() - askedAt).toBeLessThan(5_000);
      expect(output.stdout + output.stderr).not.toContain(PASSWORD);
    } finally {
      child.kill('SIGKILL');
      await place.remove();
    }
  },
  START_TIMEOUT_MS,
);

test(
  'a combination that would lose messages is refused in a sentence, and it exits with 1',
  async () => {
    const { output, ended } = runMain({ DATABASE_URL: `postgres://app:${PASSWORD}@db/querycast` });
    expect(await ended).toBe(1);
    expect(output.stdout).toBe('');
    expect(output.stderr.split('\n')[0]).toMatch(
      /^DATABASE_URL needs one of REDIS_URL, .*would not hear of changes\.$/,
    );
    expect(output.stderr).not.toContain(PASSWORD);
  },
  START_TIMEOUT_MS,
);
