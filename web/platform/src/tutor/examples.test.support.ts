import type { TutorStudent } from '@querycast/platform-protocol';

/** A student of a tutor, as the API answers one. */
export function student(facts: Partial<TutorStudent> = {}): TutorStudent {
  return {
    id: 3,
    name: 'Lev Sokolov',
    grade: 6,
    goal: '',
    isActive: true,
    progress: 0,
    materials: 0,
    completed: 0,
    parent: null,
    subjects: [],
    ...facts,
  };
}
