import { InterruptedError } from '../process/script-error.mjs';

/** @typedef {import('./counts.mjs').Counts & { problem?: string, failures?: readonly import('./failures.mjs').Failure[] }} StageOutcome */

/**
 * Runs one stage and times it. A stage that throws has failed, whatever it threw; only a request to stop goes on up.
 *
 * @param {string} name
 * @param {() => Promise<StageOutcome>} body
 * @param {(line: string) => void} say
 * @param {() => number} [now] Milliseconds; default: the monotonic clock.
 * @returns {Promise<import('./summary.mjs').StageResult>} Rejects with an `InterruptedError` only.
 */
export async function runStage(name, body, say, now = () => performance.now()) {
  say(`\n── ${name} ${'─'.repeat(Math.max(0, 70 - name.length))}`);
  const start = now();
  const outcome = await body().catch((error) => {
    if (error instanceof InterruptedError) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    say(problem);
    return { passed: 0, failed: 1, problem };
  });
  return { name, ...outcome, seconds: (now() - start) / 1_000 };
}
