import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeProgram } from '@querycast/test-servers';
import { expect, onTestFinished, test } from 'vitest';
import { findProgram } from './find.mjs';

const program = {
  name: 'Thing',
  variable: 'THING_PATH',
  isFolder: false,
  files: ['thing', 'thing-cli'],
  places: (): string[] => [],
  versionArgs: ['--version'],
  version: /v(\d+)\.(\d+)/,
  oldest: [7, 2],
} as const;

/** A folder with programs that print a version. */
function install(version: string, exitCode = 0): string {
  const folder = mkdtempSync(join(tmpdir(), 'querycast-find-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeProgram(`echo ${version}\nexit ${exitCode}`, ...program.files.map((name) => join(folder, name)));
  return folder;
}

test.each(['v7.2', 'v7.10', 'v10.0'])(
  'a program in PATH is found, and one in its usual places (%s)',
  async (version) => {
    const folder = install(version);
    const path = join(folder, 'thing');
    expect(await findProgram(program, { PATH: `/nowhere:${folder}` })).toEqual({ path });
    expect(await findProgram({ ...program, places: () => [folder] }, {})).toEqual({ path });
    expect(await findProgram({ ...program, places: () => [folder], isFolder: true }, {})).toEqual({ path: folder });
  },
);

test('the variable wins, whether what it names starts or not', async () => {
  const [inPath, named] = [install('v7.2'), install('v7.2')];
  const path = join(named, 'thing');
  expect(await findProgram(program, { PATH: inPath, THING_PATH: path })).toEqual({ path });
  expect(await findProgram(program, { PATH: inPath, THING_PATH: '/nowhere/thing' })).toEqual({
    problem: 'THING_PATH names a Thing that does not start (/nowhere/thing)',
    absent: false,
  });
});

test('a program without its companion is none', async () => {
  const folder = install('v7.2');
  rmSync(join(folder, 'thing-cli'));
  expect(await findProgram(program, { PATH: folder })).toEqual({ problem: 'no Thing was found', absent: true });
});

test('an old one is passed over for a newer one', async () => {
  const [old, good] = [install('v6.9'), install('v7.2')];
  expect(await findProgram(program, { PATH: `${old}:${good}` })).toEqual({ path: join(good, 'thing') });
});

test.each([
  ['older', 'v6.9', 0, /^there is Thing 6\.9 \(.*\), but 7\.2 or newer is needed$/],
  ['a little older', 'v7.1', 0, /^there is Thing 7\.1 \(.*\), but 7\.2 or newer is needed$/],
  ['broken', 'v7.2', 1, /^there is a Thing that does not start/],
  ['something else', 'hello', 0, /^there is a Thing that does not start/],
])('one that is %s does not do, and is not taken for absent', async (_what, version, exitCode, problem) => {
  const found = await findProgram(program, { PATH: install(version, exitCode) });
  expect(found).toEqual({ problem: expect.stringMatching(problem), absent: false });
});
