import type { MaterialStatus, MaterialType } from '@querycast/platform-protocol';

/** What each type of material is called. */
export const TYPE_WORDS: Readonly<Record<MaterialType, string>> = {
  lesson: 'Lesson',
  video: 'Video',
  exercise: 'Exercise',
  test: 'Test',
};

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
