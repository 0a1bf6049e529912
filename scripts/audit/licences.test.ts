import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../setup/root.mjs';
import { licencesOf, licencesPage, notAllowed } from './licences.mjs';
import { productionPackages, readLockfile } from './production-packages.mjs';

const licences = licencesOf(ROOT, productionPackages(readLockfile(ROOT)));

test('docs/licences.md names what is installed: run "npm run licences" when this fails', () => {
  expect(readFileSync(join(ROOT, 'docs', 'licences.md'), 'utf8')).toBe(licencesPage(licences));
});

test('nothing that runs in production is under a licence that asks for more', () => {
  expect(licences.length).toBeGreaterThan(100);
  expect(notAllowed(licences)).toEqual([]);
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['GPL-3.0-only', false],
  ['MIT AND ISC', true],
  ['MIT AND GPL-3.0-only', false],
  ['(GPL-2.0-only OR LGPL-3.0-only)', false],
  ['GPL-3.0-only AND (MIT OR ISC)', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['UNLICENSED', false],
  ['', false],
])('%s is allowed: %s', (licence, allowed) => {
  expect(notAllowed([{ name: 'a', licence }])).toEqual(allowed ? [] : [{ name: 'a', licence }]);
});
