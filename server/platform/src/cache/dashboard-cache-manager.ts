import type { Cache } from '@querycast/server';
import { callSql, type Signal, type Signals, type Statement } from '@querycast/server/postgres';
import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { staleFor, tell } from '../audience/told.js';
import { type LiveRole, readOfRoot } from '../dashboards/live-reads.js';
import type { Database } from '../db/database.js';
import { type DashboardEntry, ownersOf } from './dashboard-entries.js';

/**
 * Every dashboard read and every explicit invalidation goes through here; nothing else touches the cache. An explicit
 * invalidation makes all caches and the open dashboard of a person stale, once the given transaction has committed and
 * never otherwise. It leaves in one frame with whatever else the transaction makes stale for that person.
 */
export interface DashboardCacheManager {
  /** Answers the UTF-8 of JSON from the cache, or computes and remembers. Rejects only with what `compute` rejects with. */
  getOrComputeJson(entry: DashboardEntry, compute: () => Promise<unknown>): Promise<Buffer>;
  invalidateStudentCache(tx: Database, studentId: number): Promise<void>;
  invalidateTeacherCache(tx: Database, teacherId: number): Promise<void>;
  invalidateParentCache(tx: Database, parentId: number): Promise<void>;
  invalidateTutorCache(tx: Database, tutorId: number): Promise<void>;
}

const INVALIDATE = 'invalidate_cache';
const callPayload = z.object({ role: z.enum(['parent', 'student', 'teacher', 'tutor']), userId: z.int() });

/** Creates the manager over a cache. */
export function createDashboardCacheManager(cache: Cache): DashboardCacheManager {
  const invalidate = (role: LiveRole) => async (tx: Database, userId: number) => {
    await tx.execute(bound(callSql(INVALIDATE, { role, userId })));
  };
  return {
    getOrComputeJson: ({ owner, key, ttlMs }, compute) => cache.getOrComputeJson({ owner, key, ttlMs, compute }),
    invalidateStudentCache: invalidate('student'),
    invalidateTeacherCache: invalidate('teacher'),
    invalidateParentCache: invalidate('parent'),
    invalidateTutorCache: invalidate('tutor'),
  };
}

const invalidated: Signal = async (changes, pool) => {
  const calls = changes.map((change) => callPayload.parse(change.new));
  const dashboards = calls.flatMap(({ role, userId }) =>
    tell(role, userId, readOfRoot(role, `${role}-dashboard`).key(0)),
  );
  const { evict, push } = await staleFor(pool, dashboards);
  const owners = calls.flatMap(({ role, userId }) => ownersOf(role, userId));
  return { evict: [...new Set([...evict, ...owners])], push };
};

/** What the relay does for explicit invalidations. */
export const explicitSignals: Signals = { [INVALIDATE]: invalidated };

/** The library speaks `$1`, drizzle binds values itself. */
function bound({ text, params }: Statement): SQL {
  const parts = text.split(/\$([0-9]+)/);
  return sql.join(parts.map((part, index) => (index % 2 === 0 ? sql.raw(part) : sql`${params[Number(part) - 1]}`)));
}
