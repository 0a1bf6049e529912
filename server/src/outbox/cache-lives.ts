/** What a relay owes the lives of its cache: what was evicted in one of them may still be there in another. */
export interface CacheLives {
  /** Evictions count in this life, and it is written down which rows they were for. */
  evictedIn(life: string): void;
  /** Asks for the present life; resolves to whether anything is owed to it. Rejects as the cache does. */
  look(): Promise<boolean>;
  /**
   * Makes due what is owed to the life that was there at the last look. Rows that are written down later are told of later,
   * and make it owe again. Never rejects: what failed is owed until it succeeds.
   */
  pay(): Promise<void>;
}

/** Settings of {@link createCacheLives}. */
export interface CacheLivesOptions {
  readonly present: () => Promise<string>;
  /** Makes rows due again that were evicted in another life than this one. Whoever rejects has reported it. */
  readonly replay: (life: string) => Promise<void>;
}

/**
 * Begins with no life seen. Only a look makes anything due, however often lives change in between: while two masters answer
 * in turn, what is evicted in the one is not evicted over and over again for the other.
 */
export function createCacheLives({ present, replay }: CacheLivesOptions): CacheLives {
  let paid: string | undefined;
  /** Whether rows were written down since that were evicted in another one. */
  let areOthers = false;
  let due: string | undefined;
  return {
    evictedIn(life) {
      areOthers ||= life !== paid;
    },
    async look() {
      const life = await present();
      if (areOthers || life !== paid) due = life;
      return due !== undefined;
    },
    async pay() {
      if (due === undefined) return;
      const life = due;
      areOthers = false;
      // Before: rows that are written down meanwhile, under the life that was paid until now, may be missed by the replay.
      paid = life;
      try {
        await replay(life);
        // A later look is another matter.
        if (due === life) due = undefined;
      } catch {
        // Reported by the step that failed; it stays owed, and the next look tries again.
        areOthers = true;
      }
    },
  };
}
