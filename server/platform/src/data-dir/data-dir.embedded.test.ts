import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepSecret } from './keep-secret.js';
import type { ProcessLife } from './lock-folder.js';
import { openDataDir } from './open-data-dir.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'querycast-data-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A process of its own, as the lock sees it; `lives` is what the system would say of every pid. */
function processOf(pid: number, lives: Map<number, string>): ProcessLife {
  return { pid, identify: async (other) => lives.get(other) };
}

test('a second process on the same folder is refused, and let in after the first has released it', async () => {
  const lives = new Map([
    [10, 'a'],
    [11, 'b'],
  ]);
  const first = await openDataDir(folder, processOf(10, lives));
  await expect(openDataDir(folder, processOf(11, lives))).rejects.toMatchObject({
    code: 'data_dir_in_use',
    message: expect.stringContaining('pid 10'),
  });
  await first.release();
  await first.release();
  const second = await openDataDir(folder, processOf(11, lives));
  expect(await readdir(folder)).toEqual(['lock-11']);
  await second.release();
});

test('a lock left by a crash is recognised, even when its pid lives again as somebody else', async () => {
  const lives = new Map([
    [10, 'before the crash'],
    [11, 'me'],
  ]);
  await openDataDir(folder, processOf(10, lives));
  lives.set(10, 'after the crash');
  await openDataDir(folder, processOf(11, lives));
  expect(await readdir(folder)).toEqual(['lock-11']);
});

test('a process that got the pid of its own crashed predecessor starts, as pid 1 of a container does', async () => {
  const lives = new Map([[1, 'first life']]);
  await openDataDir(folder, processOf(1, lives));
  lives.set(1, 'second life');
  await expect(openDataDir(folder, processOf(1, lives))).resolves.toMatchObject({ path: folder });
  await expect(openDataDir(folder, processOf(1, lives))).rejects.toMatchObject({ code: 'data_dir_in_use' });
});

test('of many processes that start at once at most one gets the folder', async () => {
  const lives = new Map(Array.from({ length: 20 }, (_, index) => [index + 1, `life ${index}`]));
  const attempts = [...lives.keys()].map((pid) => openDataDir(folder, processOf(pid, lives)));
  const results = await Promise.allSettled(attempts);
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
});

test('the real system tells a living process from a dead one', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const lockFile = join(folder, `lock-${child.pid}`);
  await writeFile(lockFile, '');
  await expect(openDataDir(folder)).rejects.toMatchObject({ code: 'data_dir_in_use' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  const opened = await openDataDir(folder);
  expect(await readdir(folder)).toEqual([`lock-${process.pid}`]);
  await opened.release();
});

test('a path that cannot be a folder is refused in one sentence that names it', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(openDataDir(file)).rejects.toMatchObject({
    code: 'data_dir_unusable',
    message: `The folder DATA_DIR (${file}) cannot be used because it is not a folder.`,
  });
  await expect(openDataDir(join(file, 'below'))).rejects.toMatchObject({ code: 'data_dir_unusable' });
});

test.runIf(process.platform === 'linux')(
  'a place where no folder can be made is refused, not tried for ever',
  async () => {
    await expect(openDataDir('/proc/querycast/data')).rejects.toMatchObject({
      code: 'data_dir_unusable',
      message: expect.stringContaining('/proc/querycast/data'),
    });
  },
);

test('a secret is made once, long, and readable by its owner only', async () => {
  const made = await keepSecret(folder, 'auth-secret');
  expect(made.value).toMatch(/^[A-Za-z0-9_-]{64}$/);
  expect((await stat(made.file)).mode & 0o777).toBe(0o600);
  expect((await keepSecret(folder, 'auth-secret')).value).toBe(made.value);
  expect((await keepSecret(folder, 'publish-token')).value).not.toBe(made.value);
});

test('a kept secret that is empty is refused, not replaced', async () => {
  await writeFile(join(folder, 'auth-secret'), '\n');
  await expect(keepSecret(folder, 'auth-secret')).rejects.toMatchObject({ code: 'data_dir_unusable' });
  expect(await readFile(join(folder, 'auth-secret'), 'utf8')).toBe('\n');
});
