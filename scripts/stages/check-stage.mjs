import { packageBin } from '../process/package-bin.mjs';
import { runUninterrupted } from '../process/run.mjs';

/** A tool that needs longer hangs. */
const TIMEOUT_MS = 120_000;

/**
 * Runs a tool that either finds nothing wrong or fails: counts one.
 *
 * @param {string} root
 * @param {string} packageName
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<import('./stage.mjs').StageOutcome>}
 */
export async function checkStage(root, packageName, command, args) {
  const bin = packageBin(root, packageName, command);
  const result = await runUninterrupted(process.execPath, [bin, ...args], { cwd: root, timeoutMs: TIMEOUT_MS });
  if (result.code === 0 && !result.timedOut) return { passed: 1, failed: 0 };
  const problem = result.timedOut
    ? `no end after ${TIMEOUT_MS / 1_000} s`
    : `${command} ended with code ${result.code}`;
  return { passed: 0, failed: 1, problem };
}
