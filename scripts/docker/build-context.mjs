import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dockerIgnore } from './docker-ignore.mjs';

/**
 * The files that a build of `root` sees: all but those that its `.dockerignore` leaves out, as sorted paths with
 * slashes.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function buildContext(root) {
  const ignored = dockerIgnore(readFileSync(join(root, '.dockerignore'), 'utf8'));
  /**
   * @param {string} folder
   * @returns {string[]}
   */
  const filesOf = (folder) =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (ignored(path)) return [];
      return entry.isDirectory() ? filesOf(path) : [path];
    });
  return filesOf('').sort();
}
