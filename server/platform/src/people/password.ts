import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { createTurns } from './turns.js';

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
const STORED = /^scrypt\$([0-9]{1,8})\$([0-9]{1,3})\$([0-9]{1,3})\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

/** Too many passwords wait to be hashed already; trying again in a moment can help. */
export class PasswordsBusyError extends Error {
  readonly code = 'passwords_busy';

  constructor() {
    super('too many passwords wait to be hashed');
    this.name = 'PasswordsBusyError';
  }
}

const turns = createTurns(HASHED_AT_ONCE, MAX_WAITING, () => new PasswordsBusyError());

/**
 * Hashes a password as `scrypt$<N>$<r>$<p>$<salt>$<key>`, so that the cost can rise without touching old hashes. Rejects
 * with {@link PasswordsBusyError}.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, KEY_BYTES, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether the password belongs to the hash. Without a hash it takes as long and answers false, so that the time does not
 * tell whether the person exists. Rejects with {@link PasswordsBusyError}.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const parts = STORED.exec(stored ?? '');
  const [, N, r, p, salt, key] = parts ?? [];
  if (salt === undefined || key === undefined) {
    await derive(password, Buffer.alloc(SALT_BYTES), KEY_BYTES, COST);
    return false;
  }
  const expected = Buffer.from(key, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url'), expected.length, cost), expected);
}

function derive(password: string, salt: Buffer, bytes: number, cost: ScryptOptions): Promise<Buffer> {
  // The same letter typed on two keyboards must be one password (NIST SP 800-63B, 3.1.1.2).
  const text = password.normalize('NFKC');
  return turns.take(
    () =>
      new Promise((resolve, reject) => {
        scrypt(text, salt, bytes, { ...cost, maxmem: 2 ** 27 }, (error, key) => (error ? reject(error) : resolve(key)));
      }),
  );
}
