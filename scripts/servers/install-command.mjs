/** Packages whose names differ from one system to the next. @type {Record<string, { debian: string, brew: string }>} */
const PACKAGES = {
  Redis: { debian: 'redis-server', brew: 'redis' },
  PostgreSQL: { debian: 'postgresql', brew: 'postgresql@17' },
  nginx: { debian: 'nginx', brew: 'nginx' },
};

/**
 * The command that installs servers on this system. Only on Debian and its descendants is it run unasked; elsewhere it
 * is for the person to run.
 *
 * @param {{ osRelease: string, platform: NodeJS.Platform, isRoot: boolean }} system `osRelease`: the text of
 *   `/etc/os-release`, or nothing.
 * @param {readonly string[]} names Of `PROGRAMS`.
 * @returns {{ command: [string, ...string[]] | undefined, unasked: boolean }} To be run in the root of the repository.
 */
export function installCommand({ osRelease, platform, isRoot }, names) {
  const packages = names.flatMap((name) => PACKAGES[name] ?? []);
  if (/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(osRelease)) {
    const script = ['scripts/servers/install-debian.sh', ...packages.map(({ debian }) => debian)];
    return { command: isRoot ? ['sh', ...script] : ['sudo', 'sh', ...script], unasked: true };
  }
  if (platform === 'darwin')
    return { command: ['brew', 'install', ...packages.map(({ brew }) => brew)], unasked: false };
  return { command: undefined, unasked: false };
}
