import { spawnSync } from 'node:child_process';
import { redisCliPath } from '@querycast/test-servers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDistributedPlace } from '../testing/test-place.js';
import { type LoggedIn, START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { dashboardEntry } from './dashboard-entries.js';

let place: Awaited<ReturnType<typeof createDistributedPlace>>;
let platform: TestPlatform;
let olga: LoggedIn;

beforeAll(async () => {
  place = await createDistributedPlace();
  platform = await startTestPlatform({}, {}, place);
  await platform.parts.relay.settled();
  olga = await platform.logIn('parent@demo.test');
}, START_TIMEOUT_MS);

beforeEach(async () => {
  for (const path of ['dashboard', 'children', 'children/3/subjects', 'children/3/progress']) await read(path);
});

afterAll(() => platform.remove());

async function read(path: string) {
  const answer = await platform.call(`/api/parent/${path}`, { token: olga.token });
  expect(answer.status).toBe(200);
  return answer.body;
}

/** Runs a command as it stands in the guide, in a shell, against this Redis. */
function shell(command: string): string {
  const { port } = new URL(place.variables.REDIS_URL);
  const cli = `'${redisCliPath()}' -h 127.0.0.1 -p ${port}`;
  const { stdout, stderr, status } = spawnSync('sh', ['-c', command.replaceAll('redis-cli', cli)], {
    encoding: 'utf8',
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

test.each([
  [
    'redis-cli KEYS "parent_dashboard_data:*"',
    ['parent_dashboard_data:1:dashboard', 'parent_dashboard_data:1:child_subjects:3'],
  ],
  ['redis-cli KEYS "parent_children:*"', ['parent_children:1:gen']],
  ['redis-cli KEYS "parent_child_progress:*"', ['parent_child_progress:1:3']],
  [
    'redis-cli --scan --pattern "parent_dashboard_data:1:*"',
    ['parent_dashboard_data:1:dashboard', 'parent_dashboard_data:1:gen'],
  ],
])('%s shows what is cached', (command, keys) => {
  expect(shell(command).split('\n')).toEqual(expect.arrayContaining(keys));
});

test('deleting a pattern by hand costs a computation and nothing else', async () => {
  const before = await read('dashboard');
  await platform.parts.db.execute("UPDATE student_profiles SET goal = 'Chess' WHERE user_id = 3");
  await platform.parts.relay.settled();
  await read('dashboard');
  expect(Number(shell('redis-cli --scan --pattern "parent_dashboard_data:1:*" | xargs redis-cli DEL'))).toBeGreaterThan(
    1,
  );
  expect(shell('redis-cli --scan --pattern "parent_dashboard_data:1:*"')).toBe('');
  const after = await read('dashboard');
  expect([before.children[0].goal, after.children[0].goal]).toEqual([expect.not.stringMatching('Chess'), 'Chess']);
});

test('what was computed before a deletion by hand does not come back after it', async () => {
  const { cache } = platform.parts;
  const entry = dashboardEntry('parent_dashboard_data', 1, 'dashboard');
  shell('redis-cli --scan --pattern "parent_dashboard_data:1:*" | xargs redis-cli DEL');
  const slow = cache.getOrComputeJson(entry, async () => {
    // In the middle of a computation: its generation goes with the rest.
    shell('redis-cli --scan --pattern "parent_dashboard_data:1:*" | xargs redis-cli DEL');
    return 'from before';
  });
  expect(String(await slow)).toBe('"from before"');
  expect(String(await cache.getOrComputeJson(entry, async () => 'anew'))).toBe('"anew"');
});
