import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that hold results, never sources. */
const RESULTS = new Set(['node_modules', 'dist', 'dist-types']);

/**
 * A hash over the names and contents of files, of folders with everything below. Tests are left out: they are never
 * built. A missing path counts as such, so that its appearance changes the hash.
 *
 * @param {string} root
 * @param {readonly string[]} paths Relative to `root`.
 */
export function fingerprint(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) addPath(hash, root, path);
  return hash.digest('hex');
}

/** @param {import('node:crypto').Hash} hash  @param {string} root  @param {string} path */
function addPath(hash, root, path) {
  const full = join(root, path);
  const stats = statSync(full, { throwIfNoEntry: false });
  if (!stats) hash.update(`${path}\0missing\0`);
  else if (stats.isDirectory()) {
    for (const name of readdirSync(full).sort()) {
      if (!RESULTS.has(name)) addPath(hash, root, `${path}/${name}`);
    }
  } else if (!/\.test\.[cm]?tsx?$/.test(path)) {
    hash.update(`${path}\0${stats.size}\0`).update(readFileSync(full));
  }
}
