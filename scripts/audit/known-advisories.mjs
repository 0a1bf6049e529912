import { readFileSync } from 'node:fs';

/**
 * @typedef {'low' | 'moderate' | 'high' | 'critical'} Severity
 *
 * @typedef {object} Advisory
 * @property {string} id Of GitHub's advisory database: `https://github.com/advisories/<id>`.
 * @property {string} package
 * @property {Severity} severity
 * @property {readonly (readonly [from: string, fixed: string | null])[]} affected From the first version, `0` for all
 *   before, until the one that mended it; `null` when none has.
 *
 * @typedef {object} KnownAdvisories
 * @property {string} lookedUp The day, as `2026-11-26`.
 * @property {readonly Advisory[]} advisories
 *
 * @typedef {object} Finding
 * @property {string} id
 * @property {string} package
 * @property {string} versions The one that is installed, or those that are affected.
 * @property {string} severity
 */

/** Findings from here on fail a run. */
const SERIOUS = ['high', 'critical'];

/**
 * What is in the repository about packages that run in production, for places where no registry can be asked.
 *
 * @returns {KnownAdvisories}
 */
export function readKnownAdvisories() {
  return JSON.parse(readFileSync(new URL('known-advisories.json', import.meta.url), 'utf8'));
}

/**
 * The serious advisories that are about one of these packages in its version.
 *
 * @param {readonly Pick<import('./production-packages.mjs').ProductionPackage, 'name' | 'version'>[]} packages
 * @param {readonly Advisory[]} advisories
 * @returns {Finding[]}
 */
export function findingsIn(packages, advisories) {
  return packages.flatMap(({ name, version }) =>
    advisories
      .filter((advisory) => advisory.package === name && isSerious(advisory) && isAffected(version, advisory.affected))
      .map(({ id, severity }) => ({ id, package: name, versions: version, severity })),
  );
}

/** @param {{ readonly severity: string }} finding */
export function isSerious({ severity }) {
  return SERIOUS.includes(severity);
}

/**
 * Whether a version is one of those. A version before a release, such as `2.0.0-beta.1`, is in doubt taken for affected.
 *
 * @param {string} version
 * @param {Advisory['affected']} affected
 */
export function isAffected(version, affected) {
  return affected.some(([from, fixed]) => {
    if (compare(version, from) < 0) return false;
    if (fixed === null) return true;
    const order = compare(version, fixed);
    return order < 0 || (order === 0 && version.includes('-'));
  });
}

/**
 * By major, minor and patch alone.
 *
 * @param {string} one
 * @param {string} other
 */
function compare(one, other) {
  const [left, right] = [one, other].map((version) => version.split(/[-+]/, 1)[0]?.split('.').map(Number) ?? []);
  for (const part of [0, 1, 2]) {
    const order = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}
