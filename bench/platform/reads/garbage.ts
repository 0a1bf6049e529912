/** What answers leave behind in this process. */
export interface Garbage {
  /** To be told between two measured requests how large the last answer was. */
  left(bytes: number): void;
}

/** Before Node begins by itself: it lets native memory grow by some tens of megabytes. */
const COLLECT_EVERY_BYTES = 4 * 2 ** 20;

/**
 * Collects garbage between requests and never within one: it takes this process longer than an answer from the cache
 * takes the platform. Does nothing without Node's `--expose-gc`.
 */
export function createGarbage(): Garbage {
  let bytesLeft = 0;
  return {
    left(bytes) {
      bytesLeft += bytes;
      if (bytesLeft < COLLECT_EVERY_BYTES) return;
      bytesLeft = 0;
      globalThis.gc?.();
    },
  };
}
