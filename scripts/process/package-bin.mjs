import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptError } from './script-error.mjs';

/**
 * The script behind a package's command, to be run with this Node: without a shell, npm or `.cmd` files in between.
 *
 * @param {string} root Folder that holds `node_modules`.
 * @param {string} packageName
 * @param {string} [command] Default: the package's name without its scope.
 * @returns {string} Throws a `ScriptError` when the package is missing or has no such command.
 */
export function packageBin(root, packageName, command = packageName.replace(/^@[^/]+\//, '')) {
  const folder = join(root, 'node_modules', packageName);
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch (cause) {
    throw new ScriptError(`${packageName} is not installed: run "npm ci --ignore-scripts"`, { cause });
  }
  const path = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin?.[command];
  if (typeof path !== 'string') throw new ScriptError(`${packageName} has no command "${command}"`);
  return join(folder, path);
}
