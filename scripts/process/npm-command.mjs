import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The npm that started this script when there is one, else the one beside this Node or on the path.
 *
 * @returns {[string, ...string[]]}
 */
export function npmCommand() {
  const started = process.env.npm_execpath;
  if (started && /\.c?js$/.test(started) && existsSync(started)) return [process.execPath, started];
  const beside = join(process.execPath, '..', '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(beside) ? [process.execPath, beside] : ['npm'];
}
