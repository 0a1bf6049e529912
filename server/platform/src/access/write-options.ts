import type { Logger } from '@querycast/server';
import type { DashboardCacheManager } from '../cache/dashboard-cache-manager.js';
import type { Database } from '../db/database.js';

/** What the routes of writes need. */
export interface WriteOptions {
  readonly db: Database;
  readonly cache: DashboardCacheManager;
  readonly logger: Logger;
  /**
   * Called after every commit and awaited before it is answered, with the parent who sees the change, when there is one.
   * Mostly whoever has the answer reads what was written, and no frame that comes later makes the page read it again; not
   * when the relays are busy. Nothing hangs on it: what a commit makes stale has been recorded within it. Never rejects.
   */
  readonly committed: (parentId?: number | null) => Promise<void>;
}
