import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { freePort } from '@querycast/test-servers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../setup/root.mjs';
import { type Browser, openPage, startBrowser } from './browser.js';
import { type FreshApps, makeFreshApps } from './fresh-apps.js';
import { installedPackages } from './installed-packages.js';
import { entryPoints, filesOf, filesOfModule, installedLibrary, reachOf } from './library.js';
import { loadEach } from './load-each.js';
import { commandsOf, requestOf, withVersion } from './readme-steps.js';
import { type RunningShell, runShell, startShell } from './shell.js';
import { RESOLUTIONS, typeErrors } from './type-check.js';

/** A build, two installations and the start of a browser, beside everything else that is tested. */
const PREPARE_MS = 300_000;
/** For a wait for programs to start. */
const START = { timeout: 60_000 };
const LIBRARIES = ['protocol', 'server', 'react'];
const PLATFORM = /pglite|drizzle|@mantine|recharts|pino|helmet|tanstack.*router/;
/** What TypeScript needs besides in a backend. */
const TYPES = ['@types/express', '@types/node', '@types/pg'];

let apps: FreshApps;
let browser: Browser;
let backendPort = 0;
const running: RunningShell[] = [];

beforeAll(async () => {
  backendPort = await freePort();
  [apps, browser] = await Promise.all([makeFreshApps(backendPort), startBrowser()]);
}, PREPARE_MS);

afterEach(async () => {
  await Promise.all(running.splice(0).map((shell) => shell.close()));
});

afterAll(async () => {
  await browser?.close();
  apps?.remove();
}, PREPARE_MS);

const library = (name: string) => installedLibrary(name === 'react' ? apps.web : apps.shop, `@querycast/${name}`);
const namesIn = (...records: (Readonly<Record<string, unknown>> | undefined)[]) =>
  records.flatMap((record) => Object.keys(record ?? {}));

test.each(LIBRARIES)('the archive of %s holds what its entry points lead to, with its sources, and no more', (name) => {
  const { folder, manifest } = library(name);
  const modules = Object.keys(manifest.exports).flatMap((path) => [...reachOf(library(name), path).modules]);
  const led = modules.flatMap((module) => filesOfModule(folder, module));
  const files = filesOf(folder);
  // Scripts for Redis are read as they are.
  expect(files.filter((file) => !/^src\/.*\.lua$/.test(file))).toEqual(
    [...new Set(['LICENSE', 'README.md', 'package.json', ...led])].sort(),
  );
  for (const targets of Object.values(manifest.exports)) {
    for (const target of Object.values(targets)) expect(files).toContain(target.replace('./', ''));
  }
  expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  expect(texts.filter((text) => text.includes(apps.checkout))).toEqual([]);
  console.log(`${name}: ${files.length} files`);
});

test.each(LIBRARIES)('%s imports what its manifest names, and its main entry point nothing optional', (name) => {
  const { manifest } = library(name);
  const optional = namesIn(manifest.peerDependenciesMeta);
  const named = namesIn(manifest.dependencies, manifest.peerDependencies);
  for (const path of Object.keys(manifest.exports)) {
    const allowed = path === '.' ? named.filter((one) => !optional.includes(one)) : named;
    expect(allowed).toEqual(expect.arrayContaining([...reachOf(library(name), path).packages]));
  }
});

test('nothing of the platform is installed, and with the libraries only what they run on', async () => {
  const [shop, web] = [await installedPackages(apps.shop), await installedPackages(apps.web)];
  const server = ['jose', 'prom-client', 'rate-limiter-flexible', 'zod'];
  expect(shop.direct('@querycast/server')).toEqual(['@querycast/protocol', 'express', ...server, 'socket.io'].sort());
  const peers = ['@tanstack/react-query', 'react', 'socket.io-client'];
  expect(web.direct('@querycast/react')).toEqual(['@querycast/protocol', ...peers]);
  for (const { all, direct } of [shop, web]) {
    expect(direct('@querycast/protocol')).toEqual(['canonicalize', 'zod']);
    expect(all.filter((name) => PLATFORM.test(name))).toEqual([]);
  }
  console.log(`packages installed: ${shop.all.length} in the Express app, ${web.all.length} in the Vite app`);
});

test.each([
  ['development', 'true', 'npm run dev --'],
  ['production', 'npm run build', 'npm run preview --'],
])(
  'the apps of the README work in %s: a change by another program shows, also one during a restart',
  async (_, build, serve) => {
    writeFileSync(join(apps.shop, 'orders.txt'), 'Tea\n');
    await runShell(build, apps.web);
    const [backend, port] = [startBackend(), await freePort()];
    start(`${serve} --host 127.0.0.1 --port ${port} --strictPort`, apps.web);
    await answers(`http://127.0.0.1:${port}`);
    await answers(`http://127.0.0.1:${port}/api/orders`);

    const { page, received, complaints } = await openPage(browser, `http://127.0.0.1:${port}`);
    const shown = () => page.textContent('p');
    await expect.poll(shown, START).toBe('Tea');
    await page.evaluate('window.isThatPage = true');
    const hears = (event: string) => expect.stringContaining(`["${event}",`);
    await expect.poll(() => received, START).toContainEqual(hears('ready'));
    const [write = '', ...curl] = commandsOf('publish').split('\n');
    await runShell(write, apps.shop);
    expect((await fetch(requestOf(curl.join('\n'), backendPort))).status).toBe(202);
    await expect.poll(shown).toBe('Tea, Juice');
    // Without a socket it would have polled. It may have looked a moment before it was told.
    await expect.poll(() => received).toContainEqual(hears('invalidate'));
    expect(complaints).toEqual([]);

    await backend.close();
    await runShell(write, apps.shop);
    startBackend();
    await expect.poll(shown, START).toBe('Tea, Juice, Juice');
    expect(await page.evaluate('window.isThatPage')).toBe(true);
    await page.close();
  },
  PREPARE_MS,
);

test('a page holds no zod: only servers check with it', async () => {
  await runShell('npm run build -- --sourcemap --outDir dist-with-map', apps.web);
  const folder = join(apps.web, 'dist-with-map/assets');
  const [code = ''] = readdirSync(folder).filter((file) => file.endsWith('.js'));
  const { sources }: { sources: string[] } = JSON.parse(readFileSync(join(folder, `${code}.map`), 'utf8'));
  expect(sources).toContainEqual(expect.stringContaining('@querycast/protocol/'));
  expect(sources.filter((source) => source.includes('/zod/'))).toEqual([]);
  const bytes = readFileSync(join(folder, code));
  console.log(`the page's code: ${bytes.length} bytes, ${gzipSync(bytes).length} gzip`);
});

test('without what is optional the server loads, and an entry point that needs it says which package is missing', async () => {
  const outcomes = await loadEach(apps.shop, entryPoints(library('server')));
  expect(outcomes).toEqual({
    '@querycast/server': 'loads',
    '@querycast/server/express': 'loads',
    '@querycast/server/postgres': 'loads',
    '@querycast/server/redis': expect.stringMatching(/^Cannot find package '(ioredis|@socket.io\/redis-adapter)'$/),
  });
});

test('with it every entry point loads in Node, those for pages as well: on servers they are rendered', async () => {
  const optional = namesIn(library('server').manifest.peerDependenciesMeta);
  await runShell(`npm install ${[...optional, ...TYPES].map(withVersion).join(' ')}`, apps.shop);
  for (const [app, names] of [
    [apps.shop, ['protocol', 'server']],
    [apps.web, ['protocol', 'react']],
  ] as const) {
    const entries = names.flatMap((name) => entryPoints(installedLibrary(app, `@querycast/${name}`)));
    expect(await loadEach(app, entries)).toEqual(Object.fromEntries(entries.map((entry) => [entry, 'loads'])));
  }
});

test.each(RESOLUTIONS)(
  'every type resolves, strictly, and the backend of the README fits ($moduleResolution)',
  (options) => {
    const server = ['protocol', 'server'].flatMap((name) => entryPoints(library(name)));
    expect(
      typeErrors(apps.shop, { entries: server, files: ['backend.mjs'], options: { ...options, types: ['node'] } }),
    ).toBe('');
    expect(typeErrors(apps.web, { entries: entryPoints(library('react')), options })).toBe('');
  },
);

function start(script: string, cwd: string): RunningShell {
  const shell = startShell(script, cwd, { PORT: String(backendPort) });
  running.push(shell);
  return shell;
}

/** As the README says, with a secret that needs no openssl. */
function startBackend(): RunningShell {
  return start(commandsOf('start').replace('$(openssl rand -hex 32)', 'not-for-use-'.repeat(4)), apps.shop);
}

async function answers(url: string): Promise<void> {
  const status = () => fetch(url).then((response) => response.status);
  await expect
    .poll(status, START)
    .toBe(200)
    .catch((error: unknown) => {
      throw new Error(running.map((shell) => shell.output()).join('\n'), { cause: error });
    });
}
