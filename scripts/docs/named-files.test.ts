import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../setup/root.mjs';

const PAGES = ['docs/guarantees.md', 'docs/security.md'];
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');

const named = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, file = '']) => [page, file] as const),
);

test.each(named)('%s names a test that is there, %s', (_page, file) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
});

test('each guarantee names a test', () => {
  const rows = textOf('docs/guarantees.md')
    .split('\n')
    .filter((line) => line.startsWith('| **'));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row).toMatch(/`[\w./-]+\.test\.tsx?`|`[\w./-]+\.spec\.ts`/);
});

const links = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/\]\(([^)#:]+)?(?:#([\w-]+))?\)/g)].map(
    ([, file, anchor]) => [page, file ?? page.slice(page.lastIndexOf('/') + 1), anchor] as const,
  ),
);

test.each(links)('%s leads to %s, heading %s', (page, file, anchor) => {
  const target = join(ROOT, dirname(page), file);
  expect(existsSync(target)).toBe(true);
  if (anchor !== undefined) expect(anchorsOf(readFileSync(target, 'utf8'))).toContain(anchor);
});

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
