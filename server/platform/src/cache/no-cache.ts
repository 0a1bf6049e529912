import type { Cache } from '@querycast/server';

/** It never begins anew. */
const NO_LIFE = 'nothing is cached';

/**
 * Computes every read. For several processes without a cache server they share: what one of them kept to itself, an
 * eviction in another would not reach.
 */
export const noCache: Cache = {
  getOrCompute: async ({ compute }) => compute(),
  getOrComputeJson: async ({ compute }) => Buffer.from(JSON.stringify(await compute()) ?? ''),
  async evict() {
    // Nothing is kept: nothing can be stale.
    return NO_LIFE;
  },
  life: async () => NO_LIFE,
};
