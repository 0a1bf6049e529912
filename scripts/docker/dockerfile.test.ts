import { expect, test } from 'vitest';
import { execForm, parseDockerfile } from './dockerfile.mjs';

test('stages keep their names and their instructions in order', () => {
  expect(parseDockerfile('# first\nFROM node:22 AS build\nRUN a\n\nFROM node:22\nCOPY --from=build /a ./\n')).toEqual([
    { from: 'node:22', name: 'build', instructions: [{ name: 'RUN', flags: [], text: 'a' }] },
    { from: 'node:22', name: undefined, instructions: [{ name: 'COPY', flags: ['--from=build'], text: '/a ./' }] },
  ]);
});

test('an instruction goes on behind a backslash, past a comment', () => {
  const [stage] = parseDockerfile('FROM a\nHEALTHCHECK --timeout=3s \\\n  # why\n  CMD ["true"]\n');
  expect(stage?.instructions).toEqual([{ name: 'HEALTHCHECK', flags: ['--timeout=3s'], text: 'CMD ["true"]' }]);
});

test('an instruction before the first stage is refused', () => {
  expect(() => parseDockerfile('RUN a\nFROM b\n')).toThrow('RUN stands before the first FROM');
});

test('only the exec form is taken for a command', () => {
  expect(execForm('["node", "main.js"]')).toEqual(['node', 'main.js']);
  expect(() => execForm('node main.js')).toThrow('not in exec form');
});
