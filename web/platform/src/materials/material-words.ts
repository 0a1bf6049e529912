import type { MaterialType } from '@querycast/platform-protocol';

/** What each type of material is called. */
export const TYPE_WORDS: Readonly<Record<MaterialType, string>> = {
  lesson: 'Lesson',
  video: 'Video',
  exercise: 'Exercise',
  test: 'Test',
};
