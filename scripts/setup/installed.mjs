/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {string} [resolved]
 * @property {boolean} [link]
 * @property {boolean} [optional]
 * @property {boolean} [devOptional]
 * @property {boolean} [peer]
 *
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile
 */

/**
 * Whether `node_modules` holds what the lockfile says. `present` is npm's own record of it,
 * `node_modules/.package-lock.json`, which npm writes as its last act: an interrupted installation has none.
 * Optional packages may be missing, they are for other machines; packages nobody asked for do no harm. `exists` catches
 * folders that were removed by hand: workspaces have a `node_modules` of their own where versions differ.
 *
 * @param {Lockfile} wanted
 * @param {Lockfile | undefined} present
 * @param {(path: string) => boolean} exists
 */
export function isInstalled(wanted, present, exists) {
  if (!present) return false;
  return Object.entries(wanted.packages ?? {}).every(([path, entry]) => {
    if (path === '') return true;
    const found = present.packages?.[path];
    if (!found) return entry.optional === true || entry.devOptional === true;
    if (entry.link) return found.link === true && found.resolved === entry.resolved;
    return found.version === entry.version && found.integrity === entry.integrity && exists(path);
  });
}
