import { spawn } from 'node:child_process';
import { InterruptedError } from './script-error.mjs';

/** How long a child may take to stop after a signal, in milliseconds, before it is killed. */
const STOP_WITHIN_MS = 5_000;

/**
 * @typedef {object} RunOptions
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env] Default: this process's.
 * @property {number} [timeoutMs] Default: none.
 * @property {boolean} [quiet] Keeps the child's output instead of showing it. Default: false.
 *
 * @typedef {object} RunResult
 * @property {number} code Exit code; 1 when a signal ended the child.
 * @property {boolean} timedOut
 * @property {NodeJS.Signals | undefined} interruptedBy The signal this process received meanwhile, if any.
 * @property {string} output What the child wrote, when `quiet`.
 */

/**
 * Runs a command without stdin and waits for it. SIGINT, SIGTERM and SIGHUP reach the child once, however often they
 * arrive here: npm and the terminal may both send one, and many servers take a second one for "stop at once".
 * For that reason the child gets a process group of its own; at a timeout the whole group is killed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<RunResult>} Rejects when the command cannot be started.
 */
export function run(command, args, options) {
  const { promise, resolve, reject } = deferred();
  const ownGroup = process.platform !== 'win32';
  const outputTo = options.quiet ? 'pipe' : 'inherit';
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', outputTo, outputTo],
    detached: ownGroup,
  });

  /** @type {RunResult} */
  const result = { code: 1, timedOut: false, interruptedBy: undefined, output: '' };
  /** @param {NodeJS.Signals} signal */
  const send = (signal) => {
    if (child.pid === undefined) return;
    try {
      if (ownGroup) process.kill(-child.pid, signal);
      else child.kill(signal);
    } catch {
      // The group is gone already: nothing is left to stop.
    }
  };
  /** @param {NodeJS.Signals} signal */
  const interrupt = (signal) => {
    if (result.interruptedBy) return;
    result.interruptedBy = signal;
    // Only the command itself: it decides in which order its own children stop.
    child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    setTimeout(() => send('SIGKILL'), STOP_WITHIN_MS).unref();
  };
  const timer = setTimeout(
    () => {
      result.timedOut = true;
      send('SIGKILL');
    },
    options.timeoutMs ?? 2 ** 31 - 1,
  );

  for (const signal of SIGNALS) process.on(signal, interrupt);
  const finish = () => {
    clearTimeout(timer);
    for (const signal of SIGNALS) process.off(signal, interrupt);
  };
  child.stdout?.on('data', (chunk) => {
    result.output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    result.output += chunk;
  });
  child.once('error', (error) => {
    finish();
    reject(error);
  });
  child.once('close', (code) => {
    finish();
    result.code = code ?? 1;
    resolve(result);
  });
  return promise;
}

/**
 * Like {@link run}, but rejects with an `InterruptedError` when this process was told to stop meanwhile.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<RunResult>}
 */
export async function runUninterrupted(command, args, options) {
  const result = await run(command, args, options);
  if (result.interruptedBy) throw new InterruptedError(result.interruptedBy);
  return result;
}

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** `Promise.withResolvers` exists only from Node 22 on. */
function deferred() {
  /** @type {(result: RunResult) => void} */
  let resolve = () => {};
  /** @type {(error: unknown) => void} */
  let reject = () => {};
  const promise = /** @type {Promise<RunResult>} */ (
    new Promise((onResolve, onReject) => {
      resolve = onResolve;
      reject = onReject;
    })
  );
  return { promise, resolve, reject };
}
