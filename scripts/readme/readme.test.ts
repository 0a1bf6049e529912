// @vitest-environment jsdom
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { freePort } from '@querycast/test-servers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { COMPILER_OPTIONS } from '../docs/code-blocks.js';
import { packageBin } from '../process/package-bin.mjs';
import { ROOT } from '../setup/root.mjs';
import { fencedBlock } from './fenced-block.js';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
// Inside the repository, where the imports of the examples resolve as they do in an application.
const FOLDER = join(ROOT, '.cache', `readme-${process.pid}`);
const AUTH_SECRET = 'a-secret-of-at-least-thirty-two-characters';
const PUBLISH_TOKEN = 'a-token-of-the-readme-test';
/** For a wait for programs to start. */
const START = { timeout: 50_000 };

/** What an application does besides: it draws the component. */
const MOUNT = `import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import App from './react.js';

export function mount(element: Element): () => void {
  const root = createRoot(element);
  root.render(createElement(App));
  return () => root.unmount();
}
`;
const TSCONFIG = {
  extends: '../../tsconfig.base.json',
  compilerOptions: COMPILER_OPTIONS,
  files: ['backend.ts', 'redis.ts', 'react.tsx', 'mount.ts'],
};

let backend: ChildProcess | undefined;
let url = '';

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  writeFileSync(join(FOLDER, 'backend.ts'), fencedBlock(README, 'ts', 'backend'));
  writeFileSync(join(FOLDER, 'redis.ts'), fencedBlock(README, 'ts', 'redis'));
  writeFileSync(join(FOLDER, 'react.tsx'), fencedBlock(README, 'tsx', 'react'));
  writeFileSync(join(FOLDER, 'mount.ts'), MOUNT);
  writeFileSync(join(FOLDER, 'orders.txt'), 'Tea\n');
  writeFileSync(join(FOLDER, 'signals.py'), fencedBlock(README, 'python', 'django'));

  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  backend = spawn(process.execPath, ['--conditions=querycast-source', '--import', 'tsx', 'backend.ts'], {
    cwd: FOLDER,
    env: { ...process.env, AUTH_SECRET, PUBLISH_TOKEN, PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await vi.waitFor(async () => expect((await fetch(`${url}/api/orders`)).ok).toBe(true), START);
});

afterAll(() => {
  backend?.kill('SIGKILL');
  rmSync(FOLDER, { recursive: true, force: true });
});

test('the examples of the README are type-correct under the strictest flags', () => {
  const tsc = packageBin(ROOT, 'typescript', 'tsc');
  const checked = spawnSync(process.execPath, [tsc, '-p', FOLDER], { encoding: 'utf8' });
  expect(checked).toMatchObject({ status: 0, stdout: '' });
});

test('the examples of the README work together: a change at the backend shows on the page by itself', async () => {
  stubBrowser();
  const { mount } = await import(/* @vite-ignore */ pathToFileURL(join(FOLDER, 'mount.ts')).href);
  const unmount = mount(document.body);

  await vi.waitFor(() => expect(document.body.textContent).toBe('Tea'), { timeout: 5_000 });
  await fetch(`${url}/api/orders`, { method: 'POST' });
  await vi.waitFor(() => expect(document.body.textContent).toBe('Tea, Coffee'), { timeout: 5_000 });
  unmount();
});

test('the HTTP door of the README takes exactly what the Django signal sends, after the commit only', async () => {
  const code = fencedBlock(README, 'python', 'django');
  expect(code).toContain('transaction.on_commit(');
  // Everything up to here holds without Python as well; a machine that has it runs the signal.
  if (spawnSync('python3', ['--version']).status !== 0) return;

  const before = await offset();
  const python = spawn('python3', [join(ROOT, 'scripts/readme/django-stub.py'), join(FOLDER, 'signals.py')], {
    env: { ...process.env, PUBLISH_TOKEN, QUERYCAST_URL: url },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('1 waiting for the commit');
  expect(await offset()).toBe(before);
  python.stdin.end('commit\n');
  const [exitCode] = await once(python, 'exit');
  expect(exitCode).toBe(0);
  expect(await offset()).toBe(before + 1);
});

/** How many invalidations the room of the example has seen. */
async function offset(): Promise<number> {
  const position = (await fetch(`${url}/api/orders`)).headers.get('querycast-position') ?? '';
  return Number(position.slice(position.lastIndexOf(':') + 1));
}

/** Makes this page one of the example's backend: its address, and requests relative to it. */
function stubBrowser(): void {
  const { jsdom } = globalThis as unknown as { jsdom: { reconfigure(settings: { url: string }): void } };
  jsdom.reconfigure({ url: `${url}/` });
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (input: string, init: RequestInit = {}) => {
    // The abort signal of jsdom is none to the fetch of Node.
    const { signal: _foreign, ...rest } = init;
    return fetch(new URL(input, url), rest);
  });
}
