import { expect, test } from 'vitest';
import { PROGRAMS } from './find.mjs';
import { installCommand } from './install-command.mjs';

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const UBUNTU = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n';
const MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n';
const FEDORA = 'ID=fedora\n';
const ALL = PROGRAMS.map(({ name }) => name);

test.each([DEBIAN, UBUNTU, MINT])('Debian and its descendants install packages, with sudo unless root', (osRelease) => {
  const as = (isRoot: boolean) => installCommand({ osRelease, platform: 'linux', isRoot }, ALL);
  const script = 'sh scripts/servers/install-debian.sh redis-server postgresql nginx';
  expect(as(true)).toEqual({ command: script.split(' '), unasked: true });
  expect(as(false)).toEqual({ command: `sudo ${script}`.split(' '), unasked: true });
});

test('only what is missing is installed', () => {
  const { command } = installCommand({ osRelease: DEBIAN, platform: 'linux', isRoot: true }, ['nginx']);
  expect(command).toEqual(['sh', 'scripts/servers/install-debian.sh', 'nginx']);
});

test('on macOS the command is for the person to run, and other systems have none', () => {
  const mac = installCommand({ osRelease: '', platform: 'darwin', isRoot: false }, ALL);
  expect(mac).toEqual({ command: ['brew', 'install', 'redis', 'postgresql@17', 'nginx'], unasked: false });
  const fedora = installCommand({ osRelease: FEDORA, platform: 'linux', isRoot: true }, ALL);
  expect(fedora).toEqual({ command: undefined, unasked: false });
});
