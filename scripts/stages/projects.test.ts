import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { ViteUserConfig } from 'vitest/config';
import { ALONE, CHAOS, FUZZ, ON_SERVERS, ORACLE, SIMULATION } from './projects.mjs';

// By a path that the compiler does not follow: the file belongs to no project of its own.
const CONFIG = new URL('../../vitest.config.ts', import.meta.url).href;
const { default: config }: { default: ViteUserConfig } = await import(CONFIG);
const names = (config.test?.projects ?? []).map((project) =>
  typeof project === 'object' && 'test' in project ? project.test?.name : undefined,
);

test('npm test runs every project once', () => {
  expect([...ALONE, ...ON_SERVERS, ...ORACLE, ...CHAOS, ...SIMULATION, ...FUZZ].sort()).toEqual([...names].sort());
});

test('npm run check runs projects that need no servers', async () => {
  const manifest: { scripts: Record<string, string> } = JSON.parse(await readFile('package.json', 'utf8'));
  const checked = [...(manifest.scripts['check:unit'] ?? '').matchAll(/--project=(\S+)/g)].map(([, name]) => name);
  expect(checked).toContain('server');
  for (const name of checked) expect(ALONE).toContain(name);
});
