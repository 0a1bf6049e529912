import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MainProcess, runMain } from './testing/main-process.js';

let dataDir: string;
let running: MainProcess[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'querycast-main-'));
});

afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  running = [];
  await rm(dataDir, { recursive: true, force: true });
});

function run(environment: Record<string, string>) {
  const main = runMain({ DATA_DIR: dataDir, ...environment });
  running.push(main);
  return main;
}

test('it starts again after a crash, says first where the demo is, then the accounts, and stops within 5 s', async () => {
  const crashed = run({});
  await crashed.said('Ctrl-C');
  crashed.child.kill('SIGKILL');
  await crashed.ended;

  const { child, output, said, ended } = run({});
  await said('Ctrl-C');
  const lines = output.stdout.split('\n');
  expect(lines[0]).toMatch(/^Demo: +http:\/\/127\.0\.0\.1:\d+\/demo$/);
  expect(output.stdout).toContain('parent@demo.test');
  expect(output.stdout).toContain('"demo"');
  expect(output.stdout).toContain(join(dataDir, 'publish-token'));
  const askedAt = Date.now();
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(Date.now() - askedAt).toBeLessThan(5_000);
  const written = output.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { node } = written[0];
  expect(node).toMatch(/^[0-9a-f]{12}$/);
  for (const line of written) expect(line).toMatchObject({ msg: expect.any(String), node });
}, 90_000);

test('every bad variable is named in a sentence of its own, and it exits with 1', async () => {
  const { output, ended } = run({ PORT: 'x', AUTH_SECRET: 'short', LOG_LEVEL: 'loud' });
  expect(await ended).toBe(1);
  expect(output.stdout).toBe('');
  expect(output.stderr.trim().split('\n')).toEqual([
    'PORT must be a whole number from 0 to 65535 (0 takes any free port).',
    'AUTH_SECRET must have at least 32 characters.',
    'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.',
  ]);
});

test('a folder that cannot be used is one sentence and exit 1', async () => {
  const file = join(dataDir, 'file');
  await writeFile(file, '');
  const { output, ended } = run({ DATA_DIR: file });
  expect(await ended).toBe(1);
  expect(output.stderr.trim()).toBe(`The folder DATA_DIR (${file}) cannot be used because it is not a folder.`);
});
