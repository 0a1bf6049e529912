import type { Page } from './page.js';
import { mostByChance, mostPerSecond } from './rates.js';

/**
 * The client's: the first poll comes at any moment of 30 s, and the next ones 24 to 36 s after each other. So no second
 * holds a poll of a page with more than this chance: when the last of the first polls meet the first of the second.
 */
const POLLS_PER_SECOND = 1.5 / 30;

/** `resyncSpreadMs` of gateways and `lateSpreadMs` of relays by default: what is announced once is fetched within it. */
const SPREAD_SECONDS = 2;

/**
 * `roomsPerSecond` of relays by default: refetches in a second that a backend is said to bear. 200 pages remain below it:
 * they fetch 100 times in a second what was announced to all of them. While late changes are still being told, a page that
 * has fetched waits for another part of the spread: such renewals are at most `e - √e` = 1.07 in a second of a page, at
 * the end of the first spread, and one in two seconds later on, when its window is at its longest. So 214 at worst, give
 * or take 15.
 */
const REFETCHES_PER_SECOND = 300;

/** How often something happened, in its fullest second, and how often at most. */
export interface Pace {
  readonly count: number;
  readonly peak: number;
  readonly most: number;
}

/** When what began, in milliseconds. */
export interface Outage {
  /** Since when all pages poll. */
  readonly pollingAt: number;
  readonly returnedAt: number;
  /** Since when nobody has anything left to fetch. */
  readonly restedAt: number;
  /** The longest that this process stood still before and after the return: what was due then happens all at once. */
  readonly stoodMs: { readonly before: number; readonly after: number };
}

/** How fast pages fetched during an outage of the log, and after it: the first time, and as often as they did. */
export function pacesOf(pages: readonly Page[], { pollingAt, returnedAt, restedAt, stoodMs }: Outage) {
  const between = (from: number, to: number) =>
    pages.map((page) => page.fetchedAt().filter((at) => at >= from && at < to));
  const refetches = between(returnedAt, restedAt);
  const pace = (moments: readonly number[], most: number): Pace => ({
    count: moments.length,
    peak: mostPerSecond(moments),
    most,
  });
  const byChance = (perSecond: number, ms: number, stood: number) =>
    mostByChance({ pages: pages.length, perSecond, seconds: ms / 1_000, stoodSeconds: stood / 1_000 });
  return {
    polls: pace(
      between(pollingAt, returnedAt).flat(),
      byChance(POLLS_PER_SECOND, returnedAt - pollingAt, stoodMs.before),
    ),
    // A poll may still be the first.
    firstRefetches: pace(
      refetches.flatMap((of) => of.slice(0, 1)),
      byChance(1 / SPREAD_SECONDS + POLLS_PER_SECOND, restedAt - returnedAt, stoodMs.after),
    ),
    refetches: pace(refetches.flat(), Math.round(REFETCHES_PER_SECOND * (1 + stoodMs.after / 1_000))),
  };
}
