import { expect, test } from 'vitest';
import { dockerIgnore } from './docker-ignore.mjs';

const ignored = dockerIgnore('# a comment\n\n.env\n.env.*\n**/node_modules\n**/*.test.*\n*.md\ndocs/\n');

test.each([
  ['.env', 'a file by its name'],
  ['.env.production', 'a file by a wildcard'],
  ['node_modules', 'a folder at the top'],
  ['web/platform/node_modules/react/index.js', 'everything in a folder at any depth'],
  ['server/src/cache.test.ts', 'a file by its ending at any depth'],
  ['README.md', 'a file by its ending at the top'],
  ['docs/operations.md', 'everything in a folder of the top'],
])('leaves out %s: %s', (path) => {
  expect(ignored(path)).toBe(true);
});

test.each([
  ['server/.env', 'a line without ** is about the top only'],
  ['server/README.md', 'a single star stops at a slash'],
  ['web/docs/a.ts', 'a folder of the top only'],
  ['node_modules_of_ours/a.js', 'names match whole'],
  ['xenv', 'a dot is a dot'],
])('keeps %s: %s', (path) => {
  expect(ignored(path)).toBe(false);
});

test('refuses an exception, which it would misread', () => {
  expect(() => dockerIgnore('*\n!package.json\n')).toThrow('exceptions are not understood');
});
