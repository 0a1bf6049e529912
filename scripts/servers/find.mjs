import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../process/run.mjs';

/**
 * @typedef {readonly [major: number, minor: number]} Version
 *
 * @typedef {object} Program
 * @property {string} name For people.
 * @property {string} variable Names it, or its folder, and wins over every place.
 * @property {boolean} isFolder Whether `variable` names the folder that holds the programs.
 * @property {readonly string[]} files What has to be there; the first one is asked for its version.
 * @property {() => readonly string[]} places Folders beside those of PATH, as they are now: an installation adds some.
 * @property {readonly string[]} versionArgs
 * @property {RegExp} version Groups: major and minor version.
 * @property {Version} oldest
 *
 * @typedef {{ path: string }} Found
 * @typedef {{ problem: string, absent: boolean }} Missing `absent`: none at all, rather than one that does not do.
 */

const SYSTEM = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin'];

/** The servers that tests start, and where they usually are. @type {readonly Program[]} */
export const PROGRAMS = [
  {
    name: 'Redis',
    variable: 'REDIS_SERVER_PATH',
    isFolder: false,
    files: ['redis-server', 'redis-cli'],
    places: () => SYSTEM,
    versionArgs: ['--version'],
    version: /\bv=(\d+)\.(\d+)/,
    oldest: [7, 0],
  },
  {
    name: 'PostgreSQL',
    variable: 'POSTGRES_BIN_DIR',
    isFolder: true,
    files: ['postgres', 'initdb', 'psql'],
    // Debian keeps the server's programs out of PATH, one folder for each version.
    places: () => [
      ...versionFolders('/usr/lib/postgresql', ''),
      ...versionFolders('/usr', 'pgsql-'),
      ...versionFolders('/opt/homebrew/opt', 'postgresql@'),
      ...versionFolders('/usr/local/opt', 'postgresql@'),
      ...SYSTEM,
    ],
    versionArgs: ['--version'],
    version: /\(PostgreSQL\) (\d+)\.?(\d*)/,
    oldest: [14, 0],
  },
  {
    name: 'nginx',
    variable: 'NGINX_PATH',
    isFolder: false,
    files: ['nginx'],
    places: () => SYSTEM,
    versionArgs: ['-v'],
    version: /nginx\/(\d+)\.(\d+)/,
    oldest: [1, 22],
  },
];

/**
 * Looks for one of {@link PROGRAMS} that starts and is new enough: where its variable says, in PATH, in its usual places.
 *
 * @param {Program} program
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Found | Missing>} `path` is what the variable is to be set to.
 */
export async function findProgram(program, env = process.env) {
  const { name, variable, isFolder, files, places } = program;
  const [main = ''] = files;
  const named = env[variable];
  if (named) {
    const reason = await whyNot(program, isFolder ? join(named, main) : named);
    return reason ? { problem: `${variable} names ${reason}`, absent: false } : { path: named };
  }
  /** @type {Missing} */
  let missing = { problem: `no ${name} was found`, absent: true };
  for (const folder of new Set([...(env.PATH ?? '').split(delimiter).filter(Boolean), ...places()])) {
    if (!holds(folder, files)) continue;
    const path = join(folder, main);
    const reason = await whyNot(program, path);
    if (!reason) return { path: isFolder ? folder : path };
    if (missing.absent) missing = { problem: `there is ${reason}`, absent: false };
  }
  return missing;
}

/**
 * @param {Program} program  @param {string} path
 * @returns {Promise<string | undefined>} Why this one does not do.
 */
async function whyNot({ name, versionArgs, version, oldest }, path) {
  const result = await run(path, versionArgs, { cwd: '/', quiet: true, timeoutMs: 20_000 }).catch(() => undefined);
  const [, major, minor] = (result?.code === 0 && version.exec(result.output)) || [];
  if (major === undefined) return `a ${name} that does not start (${path})`;
  if (Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1])) return undefined;
  return `${name} ${major}.${minor} (${path}), but ${oldest.join('.')} or newer is needed`;
}

/** @param {string} folder  @param {readonly string[]} files */
function holds(folder, files) {
  const present = entries(folder);
  return files.every((file) => present.includes(file));
}

/**
 * `<parent>/<prefix><version>/bin`, the newest first.
 *
 * @param {string} parent  @param {string} prefix
 */
function versionFolders(parent, prefix) {
  return entries(parent)
    .filter((entry) => entry.startsWith(prefix) && /^\d+$/.test(entry.slice(prefix.length)))
    .sort((a, b) => Number(b.slice(prefix.length)) - Number(a.slice(prefix.length)))
    .map((entry) => join(parent, entry, 'bin'));
}

/** @param {string} folder */
function entries(folder) {
  try {
    return readdirSync(folder);
  } catch {
    // Most places exist on other systems only.
    return [];
  }
}
