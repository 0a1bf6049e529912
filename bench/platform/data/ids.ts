import type { Sizes } from './sizes.js';

/** Where the ids of each role begin; within a role they have no gap. */
export interface FirstIds {
  readonly teacher: number;
  readonly tutor: number;
  readonly parent: number;
  readonly student: number;
}

/** The ids of all people: teachers, tutors, parents, students. */
export function firstIdsOf({ teachers, tutors, parents }: Sizes): FirstIds {
  return { teacher: 1, tutor: 1 + teachers, parent: 1 + teachers + tutors, student: 1 + teachers + tutors + parents };
}

/** The teacher of one student in ten. */
export const BIG_TEACHER_ID = 1;

/** Everybody is logged in once. */
export function sessionIdOf(userId: number): string {
  return `bench-${userId}`;
}
