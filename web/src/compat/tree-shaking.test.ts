// @vitest-environment node
import { build } from 'vite';
import { afterEach, expect, it, vi } from 'vitest';

const ENTRY = 'virtual:application';
const LIBRARY = new URL('../index.ts', import.meta.url).pathname;

/** Bundles an application of one line; answers the files of the library of which something is left. */
async function filesIn(code: string): Promise<readonly string[]> {
  vi.stubEnv('NODE_ENV', 'production');
  const result = await build({
    configFile: false,
    mode: 'production',
    logLevel: 'silent',
    resolve: { alias: { '@querycast/react': LIBRARY }, conditions: ['querycast-source', 'module', 'browser'] },
    plugins: [
      {
        name: 'application',
        resolveId: (id) => (id === ENTRY ? ENTRY : undefined),
        load: (id) => (id === ENTRY ? code : undefined),
      },
    ],
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: { input: ENTRY, external: [/^react/, /^@tanstack\//, /^socket\.io-client/] },
    },
  });
  const output = [result].flat().flatMap((part) => ('output' in part ? part.output : []));
  const modules = output.flatMap((part) => (part.type === 'chunk' ? Object.entries(part.modules) : []));
  return modules.flatMap(([id, { code: left }]) =>
    id !== ENTRY && left ? [id.replace(/.*\/(?=\w+\/src\/)/, '')] : [],
  );
}

afterEach(() => vi.unstubAllEnvs());

const ofLibrary = (files: readonly string[]) => files.filter((file) => file.startsWith('web/')).sort();

it('an application that only marks its requests gets what marks them', async () => {
  const files = await filesIn(
    "import { createLiveFetch } from '@querycast/react'; globalThis.f = createLiveFetch(fetch);",
  );
  expect(ofLibrary(files)).toEqual(['web/src/query/header-notes.ts', 'web/src/query/live-fetch.ts']);
  expect(files.filter((file) => /messages|decode|query-key/.test(file))).toEqual([]);
});

it('an application without React gets none of the components', async () => {
  const files = await filesIn(
    "import { bindQueryClient, createLiveClient } from '@querycast/react'; globalThis.f = [bindQueryClient, createLiveClient];",
  );
  expect(ofLibrary(files)).toContain('web/src/client/live-client.ts');
  expect(ofLibrary(files)).toContain('web/src/query/bind-query-client.ts');
  expect(files.filter((file) => file.includes('/react/'))).toEqual([]);
});

it('an application that uses nothing of it gets nothing', async () => {
  expect(await filesIn("import '@querycast/react';")).toEqual([]);
});
