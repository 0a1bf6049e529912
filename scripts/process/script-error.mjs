/** A failure that one sentence explains: printed without a stack, exit code 1. */
export class ScriptError extends Error {
  /** @param {string} message  @param {ErrorOptions} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = 'ScriptError';
  }
}

/** Someone pressed Ctrl-C or stopped the script: nothing more is to be started. */
export class InterruptedError extends ScriptError {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.name = 'InterruptedError';
    this.signal = signal;
  }
}
