import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptError } from '../process/script-error.mjs';

/** The workspaces that are published or served; the others test them. */
export const PRODUCTION_WORKSPACES = [
  'protocol',
  'protocol/platform',
  'server',
  'server/platform',
  'web',
  'web/platform',
];

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {boolean} [link]
 * @property {string} [resolved]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 *
 * @typedef {object} ProductionPackage
 * @property {string} name
 * @property {string} version As the lockfile has it.
 * @property {string} path Its folder, from the project's.
 */

/**
 * The lockfile's packages, by folder.
 *
 * @param {string} root
 * @returns {Record<string, LockedPackage>} Throws a `ScriptError` when there is no lockfile of npm 7 or newer.
 */
export function readLockfile(root) {
  try {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    if (typeof packages === 'object' && packages !== null) return packages;
  } catch (cause) {
    throw new ScriptError('package-lock.json is missing or damaged: restore it from the repository', { cause });
  }
  throw new ScriptError('package-lock.json names no packages: write it with npm 7 or newer');
}

/**
 * Everything that runs where the project runs, found as Node finds it: the dependencies of the workspaces that are
 * published or served, peers and optional ones that are installed, and theirs in turn. By folder, because a package may
 * be there in several versions.
 *
 * @param {Record<string, LockedPackage>} locked
 * @param {readonly string[]} [workspaces]
 * @returns {ProductionPackage[]} Without the workspaces themselves.
 */
export function productionPackages(locked, workspaces = PRODUCTION_WORKSPACES) {
  /** @type {Map<string, LockedPackage>} */
  const found = new Map();
  /** @param {string} path */
  const visit = (path) => {
    const entry = locked[path];
    if (!entry || found.has(path)) return;
    found.set(path, entry);
    const wanted = { ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies };
    for (const name of Object.keys(wanted)) {
      const at = folderOf(locked, path, name);
      if (at !== undefined) visit(at);
    }
  };
  for (const workspace of workspaces) {
    if (!locked[workspace]) throw new ScriptError(`package-lock.json has no workspace ${workspace}`);
    visit(workspace);
  }
  return [...found]
    .filter(([path]) => path.includes('node_modules/'))
    .map(([path, { version = '' }]) => ({ name: path.replace(/^.*node_modules\//, ''), version, path }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

/**
 * Where a package is found from a folder: in its own `node_modules`, or in that of a folder above it.
 *
 * @param {Record<string, LockedPackage>} locked
 * @param {string} from
 * @param {string} name
 * @returns {string | undefined}
 */
function folderOf(locked, from, name) {
  for (let folder = from; ; folder = parentOf(folder)) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const entry = locked[path];
    if (entry) return entry.link ? entry.resolved : path;
    if (folder === '') return undefined;
  }
}

/** @param {string} folder */
function parentOf(folder) {
  return folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
}
