import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { createTurns, type Share } from './turns.js';

/** OWASP's recommendation for 16 MiB of memory (Password Storage Cheat Sheet, scrypt). */
const COST = { N: 2 ** 14, r: 8, p: 5 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/**
 * Passwords that are hashed at once in this process. Each takes a thread of the four that Node.js has for files, names and
 * the like, 16 MiB and some tenths of a second.
 */
const HASHED_AT_ONCE = 2;
/** Passwords that may wait for that, in the order in which they came: as long as a person, and a proxy, would wait. */
const MAX_WAITING = 40;
/** Of these, how many may be one person's who is logged in: a form takes one, and may be sent in two tabs. */
const PLACES_OF_VIEWER = 2;
/** How many may be of one address where nobody is logged in yet. It is loose, because a school has one address. */
const PLACES_OF_NETWORK = (HASHED_AT_ONCE + MAX_WAITING) / 2;
const STORED = /^scrypt\$([0-9]{1,8})\$([0-9]{1,3})\$([0-9]{1,3})\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

/** For whom a password is hashed: nobody takes all the places. */
export type HashedFor = { readonly viewer: number } | { readonly network: string };

/** Too many passwords wait to be hashed already; trying again in a moment can help. */
export class PasswordsBusyError extends Error {
  readonly code = 'passwords_busy';
  /** Whether they are all for whom this one was: others are not concerned. */
  readonly isOwn: boolean;

  constructor(isOwn: boolean) {
    super('too many passwords wait to be hashed');
    this.name = 'PasswordsBusyError';
    this.isOwn = isOwn;
  }
}

const turns = createTurns(HASHED_AT_ONCE, MAX_WAITING, (isOwn) => new PasswordsBusyError(isOwn));

/**
 * Hashes a password as `scrypt$<N>$<r>$<p>$<salt>$<key>`, so that the cost can rise without touching old hashes. Rejects
 * with {@link PasswordsBusyError}.
 */
export async function hashPassword(password: string, by?: HashedFor): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, KEY_BYTES, COST, by);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether the password belongs to the hash. Without a hash it takes as long and answers false, so that the time does not
 * tell whether the person exists. Rejects with {@link PasswordsBusyError}.
 */
export async function verifyPassword(password: string, stored: string | undefined, by?: HashedFor): Promise<boolean> {
  const parts = STORED.exec(stored ?? '');
  const [, N, r, p, salt, key] = parts ?? [];
  if (salt === undefined || key === undefined) {
    await derive(password, Buffer.alloc(SALT_BYTES), KEY_BYTES, COST, by);
    return false;
  }
  const expected = Buffer.from(key, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url'), expected.length, cost, by), expected);
}

function derive(password: string, salt: Buffer, bytes: number, cost: ScryptOptions, by?: HashedFor): Promise<Buffer> {
  // The same letter typed on two keyboards must be one password (NIST SP 800-63B, 3.1.1.2).
  const text = password.normalize('NFKC');
  return turns.take(
    () =>
      new Promise((resolve, reject) => {
        scrypt(text, salt, bytes, { ...cost, maxmem: 2 ** 27 }, (error, key) => (error ? reject(error) : resolve(key)));
      }),
    by && shareOf(by),
  );
}

function shareOf(by: HashedFor): Share {
  if ('viewer' in by) return { of: `viewer ${by.viewer}`, places: PLACES_OF_VIEWER };
  return { of: `network ${by.network}`, places: PLACES_OF_NETWORK };
}
