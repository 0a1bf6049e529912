import { personRoom, platformKeys } from '@querycast/platform-protocol';
import type { Push, Signal } from '@querycast/server/postgres';
import { inArray } from 'drizzle-orm';
import { z } from 'zod';
import { parentOwners, tutorOwners } from '../cache/dashboard-entries.js';
import type { Database } from '../db/database.js';
import { studentProfiles } from '../db/schema.js';

const image = z.object({ student_id: z.int() });

/**
 * Who is affected when enrollments change: the parent and the tutor of every student named in a row before or after.
 * They are looked up now, after the commit: whoever became parent or tutor meanwhile is the one who looks.
 */
export function enrollmentSignal(db: Database): Signal {
  return async (changes) => {
    const images = changes.flatMap((change) => [change.old, change.new]).filter((row) => row !== null);
    const studentIds = [...new Set(images.map((row) => image.parse(row).student_id))];
    const students = await db
      .select({
        id: studentProfiles.userId,
        parentId: studentProfiles.parentId,
        tutorId: studentProfiles.tutorId,
      })
      .from(studentProfiles)
      .where(inArray(studentProfiles.userId, studentIds));
    const evict: string[] = [];
    const push: Push[] = [];
    for (const { id, parentId, tutorId } of students) {
      if (parentId !== null) {
        evict.push(...parentOwners(parentId));
        push.push({ room: personRoom('parent', parentId), keys: parentKeys(id) });
      }
      if (tutorId !== null) {
        evict.push(...tutorOwners(tutorId));
        push.push({ room: personRoom('tutor', tutorId), keys: [platformKeys.tutorStudents()] });
      }
    }
    return { evict, push };
  };
}

/** The list of children counts their subjects. */
function parentKeys(studentId: number) {
  return [platformKeys.parentDashboard(), platformKeys.parentChildren(), platformKeys.parentChildSubjects(studentId)];
}
