import { type Logger, type Metrics, networkOf } from '@querycast/server';
import type { Database } from '../db/database.js';
import { passwordsBusy, tooManyAttempts } from '../http/errors.js';
import { type HashedFor, PasswordsBusyError, verifyPassword } from '../people/password.js';
import { begin, takeBack } from './attempts.js';
import { type Counter, countersOf } from './counters.js';
import { deviceOf } from './known-device.js';

/** A password that somebody sent for an account. */
export interface PasswordGuess {
  /** The e-mail address, whether or not anybody has it. */
  readonly email: string;
  readonly password: string;
  /** What it must fit; `undefined` when nobody may be let in: it takes as long then, and counts alike. */
  readonly passwordHash: string | undefined;
  /** Where the request came from. */
  readonly address: string | undefined;
  /** Who is logged in already; without it the places of the address are taken. */
  readonly viewer?: number;
  /** The value of the cookie of known devices. */
  readonly deviceCookie: string | undefined;
}

/**
 * Whether a password is right. Rejects with an `HttpError`: 429 `too_many_attempts` after too many wrong ones or when too
 * many of the same viewer or address wait to be checked, and 503 `busy` when too many of everybody do. Neither depends on
 * whether the account exists.
 */
export type CheckPassword = (guess: PasswordGuess) => Promise<boolean>;

/** What a check of passwords needs. */
export interface PasswordCheckOptions {
  readonly db: Database;
  /** Keys the hashes under which attempts are counted. */
  readonly secret: string;
  readonly clock: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Checks passwords, and counts wrong ones in the database: for all nodes, and beyond a restart. */
export function createPasswordCheck({ db, secret, clock, logger, metrics }: PasswordCheckOptions): CheckPassword {
  const told = (result: string) => metrics.count('password_attempts_total', { result });

  async function verified(guess: PasswordGuess, counters: readonly Counter[], by: HashedFor): Promise<boolean> {
    try {
      return await verifyPassword(guess.password, guess.passwordHash, by);
    } catch (error) {
      // It was no attempt: nobody learned anything.
      await takeBack(db, counters, false);
      if (!(error instanceof PasswordsBusyError)) throw error;
      told('busy');
      logger.warn({ isOwn: error.isOwn }, 'too many passwords wait to be checked');
      throw passwordsBusy(error);
    }
  }

  return async (guess) => {
    const account = guess.email.toLowerCase();
    const network = networkOf(guess.address ?? '');
    const { passwordHash, deviceCookie } = guess;
    const device = passwordHash === undefined ? undefined : deviceOf(secret, deviceCookie, { account, passwordHash });
    const counters = countersOf(secret, { account, network, device });
    const throttled = await begin(db, counters, clock());
    if (throttled) {
      told('throttled');
      logger.warn({ limit: throttled.limit }, 'password not checked after too many wrong ones');
      throw tooManyAttempts(throttled.waitMs);
    }
    const by = guess.viewer === undefined ? { network } : { viewer: guess.viewer };
    const isRight = await verified(guess, counters, by);
    if (isRight) await takeBack(db, counters, true);
    told(isRight ? 'right' : 'wrong');
    return isRight;
  };
}
