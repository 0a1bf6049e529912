import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from './config.js';
import { startPlatform } from './start-platform.js';
import { embeddedPlace } from './testing/embedded-place.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from './testing/test-platform.js';

let platform: TestPlatform;
let dataDir: string;

beforeAll(async () => {
  const place = await embeddedPlace();
  dataDir = place.dataDir;
  platform = await startTestPlatform({}, {}, place);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await platform.remove();
});

test('the secrets it made are kept for the owner only', async () => {
  for (const name of ['auth-secret', 'publish-token']) {
    expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
  }
  expect(platform.publishTokenFile).toBe(join(dataDir, 'publish-token'));
});

test('a second platform on the same folder is refused in one sentence', async () => {
  const config = readConfig({ PORT: '0', DATA_DIR: dataDir });
  await expect(startPlatform(config)).rejects.toMatchObject({ code: 'data_dir_in_use' });
});

test('the HTTP door opens with the kept token', async () => {
  const token = (await readFile(join(dataDir, 'publish-token'), 'utf8')).trim();
  const body = { rooms: ['parent:1'], keys: [['parent-dashboard']] };
  expect(await platform.call('/v1/invalidations', { method: 'POST', token, body })).toMatchObject({ status: 202 });
});

test(
  'the folder is free again after closing, and after a start that failed',
  async () => {
    const place = await embeddedPlace();
    const isLocked = async () => (await readdir(place.dataDir)).some((name) => name.startsWith('lock-'));
    const first = await startTestPlatform({}, {}, place);
    expect(await isLocked()).toBe(true);
    const { port } = new URL(platform.url);
    await first.close();
    expect(await isLocked()).toBe(false);
    const config = readConfig({ ...place.variables, PORT: port });
    await expect(startPlatform(config)).rejects.toMatchObject({ code: 'address_unusable' });
    expect(await isLocked()).toBe(false);
    await place.remove();
  },
  START_TIMEOUT_MS,
);

test(
  'a folder that holds no database is refused in one sentence',
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'querycast-broken-'));
    await writeFile(join(dataDir, 'db'), 'not a folder');
    const config = readConfig({ PORT: '0', DATA_DIR: dataDir });
    await expect(startPlatform(config)).rejects.toMatchObject({ code: 'database_unusable' });
    await rm(dataDir, { recursive: true });
  },
  START_TIMEOUT_MS,
);
