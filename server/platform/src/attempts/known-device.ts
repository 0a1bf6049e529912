import { randomBytes, timingSafeEqual } from 'node:crypto';
import { markOf } from './counters.js';

/** Accounts that a browser is known for: a family shares one. */
const MAX_ACCOUNTS = 4;
const NONCE_BYTES = 16;
const PURPOSE = 'known device';

/** An account with its present password: whoever knew the one before could have marks in store, each with guesses of its own. */
export interface KnownAccount {
  /** E-mail address in lower case. */
  readonly account: string;
  readonly passwordHash: string;
}

/**
 * The mark of a browser that logged in to the account with its present password, from the value of its cookie; `undefined`
 * when it did not. After OWASP, "Slow Down Online Guessing Attacks with Device Cookies". The cookie opens nothing: it says
 * that guesses from this browser are counted by themselves.
 */
export function deviceOf(secret: string, cookie: string | undefined, known: KnownAccount): string | undefined {
  return pairsOf(cookie).find(([nonce, mark]) => isSame(mark, deviceMark(secret, known, nonce)))?.[0];
}

/** The value of the cookie once the browser has logged in to the account as well; `undefined` when it stays as it is. */
export function withDevice(secret: string, cookie: string | undefined, known: KnownAccount): string | undefined {
  if (deviceOf(secret, cookie, known) !== undefined) return undefined;
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  const pairs = [[nonce, deviceMark(secret, known, nonce)], ...pairsOf(cookie)].slice(0, MAX_ACCOUNTS);
  return pairs.map((pair) => pair.join('.')).join('.');
}

function deviceMark(secret: string, { account, passwordHash }: KnownAccount, nonce: string): string {
  return markOf(secret, PURPOSE, [account, passwordHash, nonce]);
}

function pairsOf(cookie = ''): [string, string][] {
  const parts = cookie.split('.', 2 * MAX_ACCOUNTS);
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) pairs.push([parts[at] ?? '', parts[at + 1] ?? '']);
  return pairs;
}

function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
