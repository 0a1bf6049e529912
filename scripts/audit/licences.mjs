import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptError } from '../process/script-error.mjs';

/**
 * What may run in production or be served, by SPDX name: a licence that asks for no more than its own text to be kept.
 * `OFL-1.1` is that of fonts.
 */
export const ALLOWED_LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Unlicense',
];

/** @typedef {{ readonly name: string, readonly licence: string }} LicensedPackage */

/**
 * The licence of each package as its own manifest has it, by name; one with different licences in different versions is
 * there with each.
 *
 * @param {string} root
 * @param {readonly import('./production-packages.mjs').ProductionPackage[]} packages
 * @returns {LicensedPackage[]} Packages for other machines, which are not installed here, are left out.
 */
export function licencesOf(root, packages) {
  /** @type {Map<string, LicensedPackage>} */
  const found = new Map();
  for (const { name, path } of packages) {
    const manifest = readManifest(join(root, path));
    if (!manifest) continue;
    const licence = licenceIn(manifest);
    if (licence === undefined)
      throw new ScriptError(`${name} names no licence: read it, and decide whether to keep it`);
    found.set(`${name} ${licence}`, { name, licence });
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
}

/**
 * Those whose licence is not allowed. Of `A OR B` one must be, of `A AND B` both.
 *
 * @param {readonly LicensedPackage[]} packages
 */
export function notAllowed(packages) {
  return packages.filter(({ licence }) => !isAllowed(licence));
}

/**
 * The page of the documentation.
 *
 * @param {readonly LicensedPackage[]} packages
 * @returns {string}
 */
export function licencesPage(packages) {
  const width = Math.max(...packages.map(({ name }) => name.length)) + 2;
  const licenceWidth = Math.max(...packages.map(({ licence }) => licence.length));
  const row = (/** @type {string} */ name, /** @type {string} */ licence) =>
    `| ${name.padEnd(width)} | ${licence.padEnd(licenceWidth)} |`;
  return [
    '# Licences',
    '',
    'Querycast is under the [MIT licence](../LICENSE). Below is every package that it runs on or serves: the dependencies',
    'of its packages and of the education platform, with theirs in turn, and the peers that an application brings. What',
    'only builds or tests it is not among them.',
    '',
    'The list is written by `npm run licences`. A test holds it to what is installed, and fails for a licence that asks',
    'for more than its own text to be kept.',
    '',
    row('package', 'licence'),
    `| ${'-'.repeat(width)} | ${'-'.repeat(licenceWidth)} |`,
    ...packages.map(({ name, licence }) => row(`\`${name}\``, licence)),
    '',
  ].join('\n');
}

/**
 * @param {string} expression
 * @returns {boolean}
 */
function isAllowed(expression) {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  // Nested expressions are not taken apart: they are refused, and somebody reads them.
  if (plain.includes(' OR ')) return plain.split(' OR ').some((each) => ALLOWED_LICENCES.includes(each));
  return plain.split(' AND ').every((each) => ALLOWED_LICENCES.includes(each));
}

/** @param {any} manifest */
function licenceIn(manifest) {
  const { license, licenses } = manifest;
  if (typeof license === 'string') return license;
  // The form before SPDX expressions.
  if (Array.isArray(licenses) && licenses.length > 0) return licenses.map(({ type }) => type).join(' OR ');
  return undefined;
}

/**
 * @param {string} folder
 * @returns {any}
 */
function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
