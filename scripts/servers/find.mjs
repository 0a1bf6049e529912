import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../process/run.mjs';

/**
 * @typedef {object} Program
 * @property {string} name For people.
 * @property {string} variable Names it, or its folder, and wins over every place.
 * @property {boolean} isFolder Whether `variable` names the folder that holds the programs.
 * @property {readonly string[]} files What has to be there; the first one is asked for its version.
 * @property {readonly string[]} places Folders beside those of PATH.
 * @property {readonly string[]} versionArgs
 * @property {RegExp} version Its first group is the major version.
 * @property {number} oldest Major version.
 *
 * @typedef {{ path: string }} Found
 * @typedef {{ problem: string }} Missing
 */

const SYSTEM = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin'];

/** The servers that tests start, and where they usually are. @type {readonly Program[]} */
export const PROGRAMS = [
  {
    name: 'Redis',
    variable: 'REDIS_SERVER_PATH',
    isFolder: false,
    files: ['redis-server', 'redis-cli'],
    places: SYSTEM,
    versionArgs: ['--version'],
    version: /\bv=(\d+)\./,
    oldest: 7,
  },
  {
    name: 'PostgreSQL',
    variable: 'POSTGRES_BIN_DIR',
    isFolder: true,
    files: ['postgres', 'initdb', 'psql'],
    // Debian keeps the server's programs out of PATH, one folder for each version.
    places: [
      ...versionFolders('/usr/lib/postgresql', ''),
      ...versionFolders('/usr', 'pgsql-'),
      ...versionFolders('/opt/homebrew/opt', 'postgresql@'),
      ...versionFolders('/usr/local/opt', 'postgresql@'),
      ...SYSTEM,
    ],
    versionArgs: ['--version'],
    version: /\(PostgreSQL\) (\d+)/,
    oldest: 14,
  },
  {
    name: 'nginx',
    variable: 'NGINX_PATH',
    isFolder: false,
    files: ['nginx'],
    places: SYSTEM,
    versionArgs: ['-v'],
    version: /nginx\/(\d+)\./,
    oldest: 1,
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
  const [main = ''] = program.files;
  const named = env[program.variable];
  if (named) {
    const problem = await reject(program, program.isFolder ? join(named, main) : named);
    return problem ? { problem: `${program.variable} names ${problem}: correct it or unset it` } : { path: named };
  }
  const folders = new Set([...(env.PATH ?? '').split(delimiter).filter(Boolean), ...program.places]);
  let problem = `no ${program.name}`;
  for (const folder of folders) {
    if (!holds(folder, program.files)) continue;
    const reason = await reject(program, join(folder, main));
    if (!reason) return { path: program.isFolder ? folder : join(folder, main) };
    problem = reason;
  }
  return { problem };
}

/**
 * @param {Program} program  @param {string} path
 * @returns {Promise<string | undefined>} Why this one does not do.
 */
async function reject({ name, versionArgs, version, oldest }, path) {
  const result = await run(path, versionArgs, { cwd: '/', quiet: true, timeoutMs: 20_000 }).catch(() => undefined);
  const major = result?.code === 0 ? version.exec(result.output)?.[1] : undefined;
  if (major === undefined) return `no ${name} that starts (${path})`;
  return Number(major) < oldest ? `${name} ${major} (${path}), but ${oldest} or newer is needed` : undefined;
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
