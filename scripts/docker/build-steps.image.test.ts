import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../setup/root.mjs';
import { type Built, runBuildSteps } from './build-steps.mjs';
import { execForm, parseDockerfile } from './dockerfile.mjs';

const FINAL = parseDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).at(-1);
/** Two installations and a build. */
const BUILD_MS = 300_000;

const folder = mkdtempSync(join(tmpdir(), 'querycast-image-'));
let built: Built;
let app = '';
let server: ChildProcess | undefined;

beforeAll(async () => {
  built = await runBuildSteps({ root: ROOT, folder, say: console.log });
  app = join(built.root, built.workdir);
}, BUILD_MS);

afterAll(async () => {
  server?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
}, BUILD_MS);

test('the image holds what runs, and neither build tools nor tests', () => {
  const installed = readdirSync(join(app, 'node_modules'));
  expect(installed).toContain('express');
  for (const tool of ['typescript', 'vite', 'vitest', 'playwright', 'react']) expect(installed).not.toContain(tool);
  const ours = readdirSync(join(app, 'server'), { recursive: true, encoding: 'utf8' });
  expect(ours.filter((file) => /\.test\.(support\.)?[jt]sx?$/.test(file) && !file.includes('node_modules'))).toEqual(
    [],
  );
  expect(existsSync(join(app, 'web/platform/dist/index.html'))).toBe(true);
});

test('every entry point of the server loads, the optional ones too', async () => {
  const { exports } = JSON.parse(readFileSync(join(app, 'server/package.json'), 'utf8'));
  const names = Object.keys(exports).map((path) => path.replace('.', '@querycast/server'));
  expect(names).toContain('@querycast/server/redis');
  const script = names.map((name) => `await import(${JSON.stringify(name)});`).join('\n');
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(app, 'server/platform'),
    env: environment(),
  });
});

test('its command starts the platform, its health check agrees, and its signal stops it', async () => {
  const { url, ended } = await startServer();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<div id="root">')]);

  const port = new URL(url).port;
  expect(healthCheck(port)).toBe(0);
  server?.kill(text('STOPSIGNAL') as NodeJS.Signals);
  expect(await ended).toEqual([0, null]);
  expect(healthCheck(port)).toBe(1);
});

async function startServer(): Promise<{ url: string; ended: Promise<unknown[]> }> {
  const [command = '', ...args] = execForm(text('CMD'));
  expect(command).toBe('node');
  const child = spawn(process.execPath, args, {
    cwd: app,
    env: { ...environment(), HOST: '127.0.0.1', PORT: '0', DATA_DIR: join(app, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  server = child;
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^Log in at: (http:\S+)\/$/.exec(line)?.[1];
    // Whoever stops reading for good closes the pipe, and the next line of the log would fail.
    child.stdout.resume();
    if (url) return { url, ended };
  }
  throw new Error('the platform ended before it listened');
}

function healthCheck(port: string): number | null {
  const [, ...args] = execForm(text('HEALTHCHECK').replace(/^CMD\s+/, ''));
  return spawnSync(process.execPath, args, { env: { PORT: port } }).status;
}

function text(name: string): string {
  const found = FINAL?.instructions.find((instruction) => instruction.name === name);
  if (!found) throw new Error(`the Dockerfile's last stage has no ${name}`);
  return found.text;
}

function environment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', ...built.environment };
}
