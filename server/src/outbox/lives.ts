import { createRecentSet } from './recent-set.js';

/** What a relay owes the lives of its broker: one that begins may never have had what the one before acknowledged. */
export interface Lives {
  /** The broker is reachable, again or for the first time, under this life where it is known. */
  isBack(incarnation: string | undefined): void;
  /** These answered. */
  answered(incarnations: Iterable<string>): void;
  /** Whether anything is owed. */
  areOwed(): boolean;
  /** Makes due what is owed to those that answered. */
  payAnswers(): Promise<void>;
  /**
   * Makes due all that is owed. What was acknowledged but is not written down yet would be missed: nothing may be under
   * way. Never rejects: what failed is owed until it succeeds.
   */
  pay(): Promise<void>;
}

/** How debts are paid. Whoever rejects has reported it. */
export interface LivesOptions {
  /** Makes rows due again that another life than this one acknowledged. */
  readonly replay: (incarnation: string) => Promise<void>;
  /** Makes rows due that wait for the broker. */
  readonly hasten: () => Promise<void>;
}

/** The broker is reachable, again or for the first time. */
interface Comeback {
  readonly incarnation: string | undefined;
}

/** More than any cluster has masters: each answers under a life of its own. */
const MAX_INCARNATIONS = 1_000;

/** Begins with no life seen: the first one that answers may be another than a relay before had. */
export function createLives({ replay, hasten }: LivesOptions): Lives {
  const seen = createRecentSet(MAX_INCARNATIONS);
  const unseen = new Set<string>();
  let comeback: Comeback | undefined;

  async function meet(incarnation: string): Promise<void> {
    await replay(incarnation);
    unseen.delete(incarnation);
    seen.add(incarnation);
  }

  async function welcome(handled: Comeback): Promise<void> {
    // Also a life seen before: in between, another one may have acknowledged rows that this one never had.
    if (handled.incarnation !== undefined) await meet(handled.incarnation);
    await hasten();
    // A later comeback is another matter.
    if (comeback === handled) comeback = undefined;
  }

  async function payAnswers(): Promise<void> {
    // Reported by the step that failed; what is due goes on, and the next look tries again.
    for (const incarnation of unseen) await meet(incarnation).catch(() => {});
  }

  return {
    isBack(incarnation) {
      comeback = { incarnation };
    },
    answered(incarnations) {
      for (const incarnation of incarnations) {
        if (seen.has(incarnation)) seen.add(incarnation);
        else unseen.add(incarnation);
      }
    },
    areOwed: () => comeback !== undefined || unseen.size > 0,
    payAnswers,
    async pay() {
      // Reported by the step that failed; it stays owed, and the next look tries again.
      if (comeback) await welcome(comeback).catch(() => {});
      await payAnswers();
    },
  };
}
