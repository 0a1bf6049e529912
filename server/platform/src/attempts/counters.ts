import { createHmac } from 'node:crypto';

/** How many wrong passwords there may be in a while. */
interface Limit {
  readonly failures: number;
  /** Begins with the first of them. */
  readonly windowMs: number;
}

const MINUTE_MS = 60_000;

/**
 * What wrong passwords are counted by. A guesser has one account in mind, or one address, or both, and must not be able to
 * lock out whom the account belongs to:
 * - `pair`, one account from one address: a person who does not remember has given up before.
 * - `account`, from wherever: many addresses that guess one password. It is loose, because whoever fills it locks out the
 *   person on devices that never logged in: 2,400 guesses a day are far from any password of eight characters.
 * - `address`, whatever the account: one password tried on many. It is loose, because a school has one address.
 * - `device`, one account from a browser that logged in to it before: that alone, so that no guesser elsewhere counts.
 */
export const LIMITS = {
  pair: { failures: 10, windowMs: 15 * MINUTE_MS },
  account: { failures: 100, windowMs: 60 * MINUTE_MS },
  address: { failures: 100, windowMs: 15 * MINUTE_MS },
  device: { failures: 10, windowMs: 15 * MINUTE_MS },
} as const satisfies Record<string, Limit>;

/** Name of a limit. */
export type LimitName = keyof typeof LIMITS;

/** One number that an attempt is counted in. */
export interface Counter extends Limit {
  readonly limit: LimitName;
  readonly key: string;
}

/** Who tries. */
export interface Guesser {
  /** E-mail address in lower case, whether or not anybody has it. */
  readonly account: string;
  readonly network: string;
  /** The mark of a device that logged in to the account before. */
  readonly device: string | undefined;
}

/** The counters of an attempt, in the order of their keys: whoever locks several rows locks them in this order. */
export function countersOf(secret: string, { account, network, device }: Guesser): Counter[] {
  const of = (limit: LimitName, ...parts: string[]): Counter => ({
    limit,
    key: markOf(secret, `attempts by ${limit}`, parts),
    ...LIMITS[limit],
  });
  const counters =
    device === undefined
      ? [of('pair', account, network), of('account', account), of('address', network)]
      : [of('device', account, device)];
  return counters.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * A keyed hash, of which nobody without the secret learns whose account it is about. What it is for comes first: one mark
 * never stands for another, and none is the signature of a token, whose text has no space.
 */
export function markOf(secret: string, purpose: string, parts: readonly string[]): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify([purpose, ...parts]))
    .digest('base64url');
}
