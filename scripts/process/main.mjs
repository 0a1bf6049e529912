import { constants } from 'node:os';
import { InterruptedError, ScriptError } from './script-error.mjs';

/**
 * Runs a script's body and ends the process with the code it answers. A `ScriptError` becomes one sentence and exit
 * code 1; anything else is a bug and keeps its stack.
 *
 * @param {() => Promise<number>} body
 */
export async function main(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    if (error instanceof InterruptedError) process.exitCode = 128 + constants.signals[error.signal];
    else {
      console.error(error instanceof ScriptError ? `Error: ${error.message}` : error);
      process.exitCode = 1;
    }
  }
}
