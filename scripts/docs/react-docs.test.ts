// @vitest-environment jsdom
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createGateway, createMemoryBroker } from '@querycast/server';
import { cleanup, configure, render, screen } from '@testing-library/react';
import { createElement } from 'react';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { packageBin } from '../process/package-bin.mjs';
import { ROOT } from '../setup/root.mjs';
import { codeBlocks, writeProject } from './code-blocks.js';
import { namedTables, subjectOf } from './options-tables.js';

const GUIDE = readFileSync(join(ROOT, 'docs/react.md'), 'utf8');
const README = readFileSync(join(ROOT, 'web/README.md'), 'utf8');
// Inside the repository, where the imports of the examples resolve as they do in an application.
const FOLDER = join(ROOT, '.cache', `react-docs-${process.pid}`);

const tables = new Map(namedTables(GUIDE).map(({ name, rows }) => [name, rows]));
const OPTIONS = 'LiveQueryProviderProps, LiveClientOptions, BindOptions';

/** Which names must be exactly which: left what is documented, right a type. */
function claims(): [documented: string[], type: string][] {
  const rows = (name: string) => tables.get(name) ?? [];
  const optionsOf = (letter: string) =>
    rows(OPTIONS)
      .filter(([, of]) => of?.includes(letter))
      .map(subjectOf);
  return [
    [optionsOf('P'), 'keyof library.LiveQueryProviderProps'],
    [optionsOf('P').filter((name) => name !== 'children'), 'keyof library.LiveInvalidationOptions'],
    [optionsOf('C'), 'keyof library.LiveClientOptions'],
    [optionsOf('B'), 'keyof library.BindOptions'],
    [rows('SocketIoTransportOptions').map(subjectOf), 'keyof library.SocketIoTransportOptions'],
    [rows('LiveFetchInit').map(subjectOf), 'Exclude<keyof library.LiveFetchInit, keyof RequestInit>'],
    [rows('LiveStatus').map(subjectOf), 'keyof library.LiveStatus'],
    [rows('LiveState').map(subjectOf), 'library.LiveState'],
    [rows('MemoryTransport').map(subjectOf), 'keyof kit.MemoryTransport'],
    [rows('MemoryTransportOptions').map(subjectOf), 'keyof kit.MemoryTransportOptions'],
  ];
}

/** A file that is type-correct only when all claims hold; the error names what has no row, or no property. */
function claimsFile(): string {
  const lines = claims().map(([names, type], index) => {
    const documented = names.map((name) => `'${name}'`).join(' | ') || 'never';
    return [
      `type Documented${index} = ${documented};`,
      `export type Undocumented${index} = None<Exclude<${type}, Documented${index}>>;`,
      `export type Unknown${index} = None<Exclude<Documented${index}, ${type}>>;`,
    ];
  });
  const imports = [
    "import type * as library from '@querycast/react';",
    "import type * as kit from '@querycast/react/testing';",
  ];
  return [...imports, 'type None<Names extends never> = Names;', ...lines.flat(), ''].join('\n');
}

// The examples wait as long as an application's tests would, which on a slow machine is not long enough.
configure({ asyncUtilTimeout: 15_000 });
writeProject(FOLDER, [...codeBlocks(GUIDE), ...codeBlocks(README)]);
writeFileSync(join(FOLDER, 'claims.ts'), claimsFile());

const load = (name: string) => import(/* @vite-ignore */ pathToFileURL(join(FOLDER, `${name}.tsx`)).href);

afterEach(cleanup);

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

it('the examples are type-correct under the strictest flags, and the tables hold every option and no other', () => {
  const tsc = packageBin(ROOT, 'typescript', 'tsc');
  const checked = spawnSync(process.execPath, [tsc, '-p', FOLDER], { encoding: 'utf8' });
  expect(checked).toMatchObject({ status: 0, stdout: '' });
});

it.each([...tables])('no cell is empty, and no row is there twice: %s', (_name, rows) => {
  for (const row of rows) expect(row).not.toContain('');
  expect(new Set(rows.map(subjectOf)).size).toBe(rows.length);
});

it('each part is in the table of contents', () => {
  const headings = [...GUIDE.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
  const links = [...GUIDE.matchAll(/^- \[(.+)\]\(#(.+)\)$/gm)].map(([, text, anchor]) => [text, anchor]);
  expect(links).toEqual(headings.map((heading) => [heading, heading.toLowerCase().replaceAll(' ', '-')]));
});

describe('the example of a test', async () => {
  await load('testing');
});

it('the example of the README works with a real gateway', async () => {
  const http = createServer();
  const broker = createMemoryBroker();
  const authenticate = async (token: string) => ({ id: token, claims: {} });
  const gateway = createGateway({ broker, authenticate, roomsOf: ({ id }) => [`user:${id}`] }).attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const { jsdom } = globalThis as unknown as { jsdom: { reconfigure(settings: { url: string }): void } };
  jsdom.reconfigure({ url });
  const orders = ['Tea'];
  vi.stubGlobal('fetch', async () => Response.json(orders));

  const { App } = await load('readme');
  render(createElement(App, { id: 7, token: 'seven' }));
  await screen.findByText('Tea');
  await vi.waitFor(() => expect(document.querySelector('[data-live=live]')).not.toBeNull());
  orders.push('Coffee');
  await broker.append({ room: 'user:seven', keys: [['orders']] });
  await screen.findByText('Coffee');

  cleanup();
  vi.unstubAllGlobals();
  await gateway.close();
  await new Promise<unknown>((resolve) => http.close(resolve));
});
