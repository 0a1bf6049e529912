import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';

/** Runs tests on the product with a mistake in it: JSON of `{ file, find, replace }`, or nothing to leave it as it is. */
export function patched(patch: string | undefined): Plugin {
  const { file, find, replace } = JSON.parse(patch || '{}');
  const path = file === undefined ? undefined : fileURLToPath(new URL(`../../${file}`, import.meta.url));
  return {
    name: 'patched',
    enforce: 'pre',
    load(id) {
      if (path === undefined || id.split('?')[0] !== path) return undefined;
      return readFileSync(path, 'utf8').replace(find, () => replace);
    },
  };
}
