import type { Logger } from '@querycast/server';
import type { DashboardCacheManager } from '../cache/dashboard-cache-manager.js';
import type { Database } from '../db/database.js';

/** What the routes of writes need. */
export interface WriteOptions {
  readonly db: Database;
  readonly cache: DashboardCacheManager;
  readonly logger: Logger;
  /**
   * Called after every commit, with the parent who sees the change, when there is one. It only saves time: what a commit
   * makes stale has been recorded within it.
   */
  readonly committed: (parentId?: number | null) => void;
}
