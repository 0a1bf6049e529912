import { personRoom, platformKeys } from '@querycast/platform-protocol';
import type { Cache } from '@querycast/server';
import { callSql, type Signal, type Signals, type Statement } from '@querycast/server/postgres';
import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../db/database.js';
import { type DashboardEntry, parentOwners } from './dashboard-entries.js';

/** Every dashboard read and every explicit invalidation goes through here; nothing else touches the cache. */
export interface DashboardCacheManager {
  /** Answers from the cache, or computes and remembers. Rejects only with what `compute` rejects with. */
  getOrCompute<T>(entry: DashboardEntry, compute: () => Promise<T>): Promise<T>;
  /**
   * Makes the caches and the open dashboard of a parent stale, once the given transaction has committed and never
   * otherwise. Leaves in one frame with whatever else the transaction makes stale for that parent.
   */
  invalidateParentCache(tx: Database, parentId: number): Promise<void>;
}

const INVALIDATE_PARENT = 'invalidate_parent_cache';
const parentPayload = z.object({ parentId: z.int() });

/** Creates the manager over a cache. */
export function createDashboardCacheManager(cache: Cache): DashboardCacheManager {
  return {
    getOrCompute: ({ owner, key, ttlMs }, compute) => cache.getOrCompute({ owner, key, ttlMs, compute }),
    async invalidateParentCache(tx, parentId) {
      await tx.execute(bound(callSql(INVALIDATE_PARENT, { parentId })));
    },
  };
}

const parentInvalidated: Signal = async (changes) => {
  const parentIds = [...new Set(changes.map((change) => parentPayload.parse(change.new).parentId))];
  const keys = [platformKeys.parentDashboard(), platformKeys.parentChildren()];
  return {
    evict: parentIds.flatMap(parentOwners),
    push: parentIds.map((parentId) => ({ room: personRoom('parent', parentId), keys })),
  };
};

/** What the relay does for explicit invalidations. */
export const explicitSignals: Signals = { [INVALIDATE_PARENT]: parentInvalidated };

/** The library speaks `$1`, drizzle binds values itself. */
function bound({ text, params }: Statement): SQL {
  const parts = text.split(/\$([0-9]+)/);
  return sql.join(parts.map((part, index) => (index % 2 === 0 ? sql.raw(part) : sql`${params[Number(part) - 1]}`)));
}
