/** Test support: which versions of its peers the library runs on, here and now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as query from '@tanstack/react-query';
import * as react from 'react';
import * as reactDom from 'react-dom';
import * as socketIo from 'socket.io-client';
import { expect } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8'));
const manifestAt = (path: string) => readManifest(fileURLToPath(new URL(path, import.meta.url)));

const library = manifestAt('../../package.json');
const { devDependencies: oldest } = manifestAt('../../../oldest-peers/package.json');

/** Name and version of the package whose code runs in `act`, which must throw there. */
function packageRunning(act: () => unknown): { name: string; version: string } {
  let stack = '';
  try {
    act();
  } catch (error) {
    stack = error instanceof Error ? (error.stack ?? '') : '';
  }
  const folder = /\((?:file:\/\/)?(\/[^)]*\/node_modules\/(?:@[^/]+\/)?[^/)]+)\//.exec(stack)?.[1];
  if (folder === undefined) throw new Error(`no package is known from ${stack}`);
  return readManifest(join(folder, 'package.json'));
}

/** Without the build, which React 18.0 names too. */
const releaseOf = (version: string) => version.split('-')[0] ?? '';

/** What runs. TanStack Query says it by its core, whose version is the same. */
function runningVersions(): Readonly<Record<string, string>> {
  const core = packageRunning(() => query.QueryClient.prototype.getQueryCache.call(null as never));
  const socket = packageRunning(() => socketIo.Manager.prototype.open.call(null as never));
  expect([core.name, socket.name]).toEqual(['@tanstack/query-core', 'socket.io-client']);
  return {
    '@tanstack/react-query': core.version,
    react: releaseOf(react.version),
    'react-dom': releaseOf(reactDom.version),
    'socket.io-client': socket.version,
  };
}

/** The lowest and the highest major version that a range admits, the former in full: `^18.0.0 || ^19.0.0`. */
function boundsOf(range: string): { lowest: string; highestMajor: string } {
  const versions = range.split(' || ').map((part) => part.replace(/^\^/, ''));
  return { lowest: versions[0] ?? '', highestMajor: versions.at(-1)?.split('.')[0] ?? '' };
}

/** Holds what runs to what the project says: the oldest peers it admits where it is told so, else newest ones. */
export function expectPeers(): void {
  const running = runningVersions();
  const peers = Object.entries(library.peerDependencies);
  expect(peers).not.toEqual([]);
  for (const [name, range] of peers) {
    const { lowest, highestMajor } = boundsOf(range);
    expect(oldest[name]).toBe(lowest);
    if (process.env['QUERYCAST_PEERS'] === 'oldest') expect(running[name]).toBe(lowest);
    else {
      expect(running[name]?.split('.')[0]).toBe(highestMajor);
      expect(running[name]).not.toBe(lowest);
    }
  }
  expect(running['react-dom']).toBe(running['react']);
}
