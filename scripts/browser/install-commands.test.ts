import { expect, test } from 'vitest';
import { installCommands } from './install-commands.mjs';

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const UBUNTU = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n';
const commandLines = (osRelease: string, isRoot: boolean) =>
  installCommands({ osRelease, isRoot }).map((words) => words.join(' '));

test('Debian has a package', () => {
  expect(commandLines(DEBIAN, true)).toEqual(['apt-get update', 'apt-get install -y chromium']);
  expect(commandLines(DEBIAN, false)).toEqual(['sudo apt-get update', 'sudo apt-get install -y chromium']);
});

test('Ubuntu, whose package is a stub, and other systems take the one of Playwright', () => {
  for (const system of [UBUNTU, '']) {
    expect(commandLines(system, true)).toEqual(['npx playwright install --with-deps chromium']);
  }
});
