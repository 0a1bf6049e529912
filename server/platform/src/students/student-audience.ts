import { personRoom, platformKeys } from '@querycast/platform-protocol';
import type { Push, Stale } from '@querycast/server/postgres';
import { parentOwners, tutorOwners } from '../cache/dashboard-entries.js';

/** A student and who looks at them. */
export interface LookedAfter {
  readonly studentId: number;
  readonly parentId: number | null;
  readonly tutorId: number | null;
}

/** What goes stale when something that their parents and tutors see of these students changes. */
export function staleForAudience(students: readonly LookedAfter[]): Stale {
  const evict: string[] = [];
  const push: Push[] = [];
  for (const { studentId, parentId, tutorId } of students) {
    if (parentId !== null) {
      evict.push(...parentOwners(parentId));
      push.push({ room: personRoom('parent', parentId), keys: parentKeys(studentId) });
    }
    if (tutorId !== null) {
      evict.push(...tutorOwners(tutorId));
      push.push({ room: personRoom('tutor', tutorId), keys: [platformKeys.tutorStudents()] });
    }
  }
  return { evict, push };
}

/** The list of children counts their subjects. */
function parentKeys(studentId: number) {
  return [platformKeys.parentDashboard(), platformKeys.parentChildren(), platformKeys.parentChildSubjects(studentId)];
}
