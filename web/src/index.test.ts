// @vitest-environment node
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterEach, expect, it, vi } from 'vitest';

/** Largest size in bytes, gzip, without the peers. */
const MAX_GZIP_BYTES = 8_850;

/** Bundles the library as an application would, with the peers left out. */
async function bundle(): Promise<{ code: string; modules: readonly string[] }> {
  // Else elements carry the paths of their files, for debugging: the size would depend on where this folder is.
  vi.stubEnv('NODE_ENV', 'production');
  const result = await build({
    configFile: false,
    mode: 'production',
    logLevel: 'silent',
    root: new URL('.', import.meta.url).pathname,
    resolve: { conditions: ['querycast-source', 'module', 'browser'] },
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      rolldownOptions: {
        input: new URL('./index.ts', import.meta.url).pathname,
        preserveEntrySignatures: 'strict',
        external: [/^react/, /^@tanstack\//, /^socket\.io-client/],
      },
    },
  });
  const output = [result].flat().flatMap((part) => ('output' in part ? part.output : []));
  const chunks = output.filter((part) => part.type === 'chunk');
  return { code: chunks.map((chunk) => chunk.code).join(''), modules: chunks.flatMap((chunk) => chunk.moduleIds) };
}

afterEach(() => vi.unstubAllEnvs());

it('is small, and brings no schema library into the browser', async () => {
  const { code, modules } = await bundle();
  expect(modules.filter((id) => id.includes('/zod/'))).toEqual([]);
  expect(gzipSync(code).byteLength).toBeLessThan(MAX_GZIP_BYTES);
});

it('imports Socket.IO in one file only', async () => {
  const { modules } = await bundle();
  const importers = modules.filter((id) => /from 'socket\.io-client'/.test(readFileSync(id, 'utf8')));
  expect(importers.map((id) => id.split('/').at(-1))).toEqual(['socket-io-transport.ts']);
});
