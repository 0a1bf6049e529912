import type { MaterialStatus } from '@querycast/platform-protocol';

/** What each status of a material means, to choose it. */
export const STATUS_WORDS: Readonly<Record<MaterialStatus, string>> = {
  draft: 'Draft: only you see it',
  active: 'Active: its students work with it',
  archived: 'Archived: its students do not see it any more',
};

/** Into which status a material can go from `now`: once it was published, it is no draft again. */
export function nextStatuses(now: MaterialStatus): MaterialStatus[] {
  return now === 'draft' ? ['draft', 'active', 'archived'] : ['active', 'archived'];
}
