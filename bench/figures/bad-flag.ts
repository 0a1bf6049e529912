/** A flag that cannot be used; the message says which and why. */
export class BadFlagError extends Error {
  readonly code = 'bad_flag';

  constructor(message: string) {
    super(message);
    this.name = 'BadFlagError';
  }
}
