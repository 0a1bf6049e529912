import type { MaterialType } from '@querycast/platform-protocol';

/** What a material is, as students read it. */
export const MATERIAL_WORDS: Readonly<Record<MaterialType, string>> = {
  lesson: 'Lesson',
  video: 'Video',
  exercise: 'Exercise',
  test: 'Test',
};
