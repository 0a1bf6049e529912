/** Chance from a seed: the same seed gives the same sequence, on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [from, to). */
  between(from: number, to: number): number;
  /** An integer, 0 ≤ it < `below`. */
  below(below: number): number;
  chance(probability: number): boolean;
  /** One of them; throws when there is none. */
  pick<T>(items: readonly T[]): T;
  /** So many random bytes as hexadecimal digits. */
  hex(bytes: number): string;
}

/** Creates a sequence (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    between: (from, to) => from + (to - from) * next(),
    below,
    chance: (probability) => next() < probability,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    hex(bytes) {
      let text = '';
      while (text.length < bytes * 2)
        text += below(2 ** 32)
          .toString(16)
          .padStart(8, '0');
      return text.slice(0, bytes * 2);
    },
  };
}
