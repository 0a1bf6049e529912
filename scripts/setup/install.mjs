import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from '../process/npm-command.mjs';
import { runUninterrupted } from '../process/run.mjs';
import { ScriptError } from '../process/script-error.mjs';
import { isInstalled } from './installed.mjs';

const INSTALL = ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--no-progress', '--loglevel=error'];

/**
 * Installs what the lockfile says when `node_modules` is missing or says something else.
 *
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<void>} Rejects with a `ScriptError` when npm fails.
 */
export async function installWhenStale(root, say) {
  const wanted = readJson(join(root, 'package-lock.json'));
  if (!wanted) throw new ScriptError('package-lock.json is missing or damaged: restore it from the repository');
  const present = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (isInstalled(wanted, present, (path) => existsSync(join(root, path)))) return;

  say('Installing dependencies (once; a minute or so) …');
  const [command, ...args] = npmCommand();
  const result = await runUninterrupted(command, [...args, ...INSTALL], { cwd: root });
  if (result.code !== 0) {
    throw new ScriptError(
      `dependencies could not be installed (npm ci ended with code ${result.code}, its output is above)`,
    );
  }
}

/**
 * @param {string} path
 * @returns {import('./installed.mjs').Lockfile | undefined}
 */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Missing and damaged mean the same to every caller: it is not there.
    return undefined;
  }
}
