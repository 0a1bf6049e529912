import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run, runUninterrupted } from '../process/run.mjs';
import { ScriptError } from '../process/script-error.mjs';
import { readOsRelease } from '../setup/os-release.mjs';
import { installCommands } from './install-commands.mjs';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/**
 * A Chromium that starts: the one `CHROMIUM_PATH` names, the system's, or the one Playwright downloaded; when there is
 * none, the one that could be installed.
 *
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<string>} Its path. Rejects with a `ScriptError` that names the command to run.
 */
export async function findOrInstallChromium(root, say) {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (await starts(root, named)) return named;
    throw new ScriptError('CHROMIUM_PATH does not name a Chromium that starts: correct it or unset it');
  }
  const found = await find(root);
  if (found) return found;

  const commands = installCommands({ osRelease: readOsRelease(), isRoot: process.getuid?.() === 0 });
  const shown = commands.map((command) => command.join(' ')).join(' && ');
  say(`No Chromium found, installing one: ${shown}`);
  for (const [command, ...args] of commands) {
    const result = await runUninterrupted(command, args, { cwd: root }).catch((cause) => {
      if (cause instanceof ScriptError) throw cause;
      throw new ScriptError(`no Chromium to test with, and "${command}" does not start: run "${shown}"`, { cause });
    });
    if (result.code !== 0) throw new ScriptError(`no Chromium to test with: run "${shown}"`);
  }
  const installed = await find(root);
  if (!installed) throw new ScriptError(`no Chromium to test with, even after "${shown}": set CHROMIUM_PATH`);
  return installed;
}

/** @param {string} root */
async function find(root) {
  for (const path of [SYSTEM_CHROMIUM, bundledChromium(root)]) {
    if (await starts(root, path)) return path;
  }
  return undefined;
}

/**
 * Ubuntu's package puts a stub there that only asks for a snap, so being there is not enough.
 *
 * @param {string} root  @param {string} path
 */
async function starts(root, path) {
  const result = await run(path, ['--version'], { cwd: root, quiet: true, timeoutMs: 20_000 }).catch(() => undefined);
  return result?.code === 0 && /chrom/i.test(result.output);
}

/** @param {string} root  @returns {string} */
function bundledChromium(root) {
  return createRequire(join(root, 'e2e', 'package.json'))('playwright').chromium.executablePath();
}
