import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageBin } from '../process/package-bin.mjs';
import { runUninterrupted } from '../process/run.mjs';
import { ScriptError } from '../process/script-error.mjs';
import { fingerprint } from './fingerprint.mjs';

/** What the built server is started with, relative to the repository. */
export const SERVER_ENTRY = 'server/platform/dist/main.js';

const PAGES_FOLDER = 'web/platform';
const PAGES_INDEX = 'web/platform/dist/index.html';
/** Inside `dist`, which vite empties: a build by other means removes the stamp and makes it stale, never wrong. */
const PAGES_STAMP = 'web/platform/dist/.stamp';
const PAGES_INPUTS = ['package-lock.json', 'tsconfig.base.json', 'protocol', 'web'];

/**
 * Builds what is stale: the server with everything below it, then the pages.
 *
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<void>} Rejects with a `ScriptError` when a build fails.
 */
export async function buildWhenStale(root, say) {
  await buildServer(root, say);
  await buildPages(root, say);
}

/**
 * The compiler keeps its own record of what it read and needs a tenth of a second to find that nothing changed.
 *
 * @param {string} root
 * @param {(line: string) => void} say
 */
async function buildServer(root, say) {
  if (!existsSync(join(root, SERVER_ENTRY))) say('Building the server …');
  const result = await runUninterrupted(
    process.execPath,
    [packageBin(root, 'typescript', 'tsc'), '-b', 'server/platform'],
    { cwd: root },
  );
  if (result.code !== 0) throw new ScriptError("the server could not be built: the compiler's messages are above");
}

/** @param {string} root  @param {(line: string) => void} say */
async function buildPages(root, say) {
  const now = fingerprint(root, PAGES_INPUTS);
  const stamp = join(root, PAGES_STAMP);
  if (existsSync(join(root, PAGES_INDEX)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;

  say('Building the pages …');
  const result = await runUninterrupted(process.execPath, [packageBin(root, 'vite'), 'build', '--logLevel', 'warn'], {
    cwd: join(root, PAGES_FOLDER),
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (result.code !== 0) throw new ScriptError('the pages could not be built: the messages of vite are above');
  writeFileSync(stamp, now);
}
