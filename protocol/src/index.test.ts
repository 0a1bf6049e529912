import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Everything a module loads at run time: `import type` and `export type` leave nothing behind, `import { type T }` does. */
function loads(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statement = /^\s*(?:import|export)\s+(?!type\b)(?:[\w$*{},\s]+?\bfrom\s*)?['"]([^'"]+)['"]/gm;
  const dynamic = /\bimport\s*\(\s*['"]([^'"]+)['"]/g;
  return [...code.matchAll(statement), ...code.matchAll(dynamic)].flatMap((match) => match[1] ?? []);
}

/** Every module reached from `entry`: files of this package, and the names of packages. */
function reached(entry: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(entry.href)) return seen;
  seen.add(entry.href);
  for (const specifier of loads(readFileSync(entry, 'utf8'))) {
    if (specifier.startsWith('.')) reached(new URL(specifier.replace(/\.js$/, '.ts'), entry), seen);
    else seen.add(specifier);
  }
  return seen;
}

const packages = (file: string) =>
  [...reached(new URL(file, import.meta.url))].filter((name) => !name.startsWith('file:')).sort();

test('what browsers import loads nothing but canonicalize at run time: no zod, nothing of Node', () => {
  expect(packages('./index.ts')).toEqual(['canonicalize']);
});

test('the walk finds zod where it is', () => {
  expect(packages('./schemas.ts')).toEqual(['canonicalize', 'zod']);
  expect(reached(new URL('./index.ts', import.meta.url)).size).toBeGreaterThan(8);
});

test('the walk sees every way to load a module', () => {
  const source = `
    import type { A } from 'a';
    export type * from 'b';
    import { type C } from 'c';
    import {
      d,
    } from "d";
    export * from 'e';
    import 'f';
    // import 'g';
    const h = await import('h');
    export { i } from 'i';
    export const text = 'j';
  `;
  expect(loads(source)).toEqual(['c', 'd', 'e', 'f', 'i', 'h']);
});
