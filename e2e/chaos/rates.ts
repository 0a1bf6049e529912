/** So unlikely that it does not happen. */
const NEVER = 1e-6;
/** Steps in which a second is moved over what happened, in seconds: each second is inside one that is longer by a step. */
const STEP_SECONDS = 0.1;

/** How many of these moments, in milliseconds, are within the same second at most. */
export function mostPerSecond(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [last, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** What is known of pages that do something independently of each other. */
export interface Scattered {
  readonly pages: number;
  /** The chance that a page does it in a given second, at most. */
  readonly perSecond: number;
  /** How long they do it. */
  readonly seconds: number;
  /** The longest that their process stood still meanwhile, in seconds: what was due then all happens afterwards. */
  readonly stoodSeconds: number;
}

/** The most of them that ever do it within the same second: more happen once in a million times. */
export function mostByChance({ pages, perSecond, seconds, stoodSeconds }: Scattered): number {
  const chance = Math.min(1, perSecond * (1 + STEP_SECONDS + stoodSeconds));
  const looks = Math.ceil(seconds / STEP_SECONDS);
  let orMore = 0;
  for (let count = pages; count > 0; count -= 1) {
    orMore += binomial(pages, count, chance);
    if (looks * orMore > NEVER) return count;
  }
  return 0;
}

/** The chance that exactly `count` of `of` do what each does with `chance`. */
function binomial(of: number, count: number, chance: number): number {
  if (chance === 1) return count === of ? 1 : 0;
  let logarithm = count * Math.log(chance) + (of - count) * Math.log(1 - chance);
  for (let n = 1; n <= count; n += 1) logarithm += Math.log((of - count + n) / n);
  return Math.exp(logarithm);
}
