import { platformKeys } from '@querycast/platform-protocol';
import type { Logger } from '@querycast/server';
import type { Signal } from '@querycast/server/postgres';
import { z } from 'zod';
import { guardiansOf } from '../audience/guardians.js';
import { differs, imagesOf, rowChanges } from '../audience/row-images.js';
import { staleFor, type Told, tell } from '../audience/told.js';

const image = z.object({
  id: z.int(),
  teacher_id: z.int(),
  student_id: z.int(),
  subject_id: z.int(),
  title: z.string(),
  content: z.string(),
  week_start_date: z.string(),
  status: z.enum(['draft', 'sent', 'archived']),
  sent_at: z.string().nullable(),
});

/**
 * Who is affected when plans change. A plan that is a draft before and after concerns its teacher alone; the caches of
 * student and parent are evicted all the same, as people who know the original expect.
 */
export function studyPlanSignal(logger: Logger): Signal {
  return async (changes, pool) => {
    const plans = rowChanges(image, changes);
    const guardians = await guardiansOf(
      pool,
      plans.flatMap((change) => imagesOf(change).map((row) => row.student_id)),
    );
    const parentOf = new Map(guardians.map(({ studentId, parentId }) => [studentId, parentId]));
    const told: Told[] = [];
    const quietly: Told[] = [];
    for (const change of plans) {
      // Dashboards show everything of a plan but its content.
      const isOnDashboards = differs(
        change,
        'title',
        'week_start_date',
        'status',
        'sent_at',
        'subject_id',
        'student_id',
        'teacher_id',
      );
      const isSeen = imagesOf(change).some((row) => row.status !== 'draft');
      for (const row of imagesOf(change)) {
        const onDashboard = <Key>(key: Key): Key[] => (isOnDashboards ? [key] : []);
        told.push(
          ...tell(
            'teacher',
            row.teacher_id,
            platformKeys.studyPlans(),
            ...onDashboard(platformKeys.teacherDashboard()),
          ),
        );
        const audience = [
          ...tell(
            'student',
            row.student_id,
            platformKeys.studyPlans(),
            ...onDashboard(platformKeys.studentDashboard()),
          ),
          ...tell(
            'parent',
            parentOf.get(row.student_id),
            platformKeys.childStudyPlans(row.student_id),
            ...onDashboard(platformKeys.parentDashboard()),
          ),
        ];
        (isSeen ? told : quietly).push(...audience);
      }
      if (change.after?.status === 'sent') logSent(logger, change.after, parentOf.get(change.after.student_id));
    }
    return staleFor(pool, told, quietly);
  };
}

/** Values in the message, against the habit of this log: people search for these words. */
function logSent(logger: Logger, plan: z.output<typeof image>, parentId: number | null | undefined): void {
  if (parentId === null || parentId === undefined) return;
  const { id, student_id, status } = plan;
  const values = `plan_id=${id}, parent_id=${parentId}, student_id=${student_id}, status=${status}`;
  logger.info(
    { plan_id: id, parent_id: parentId, student_id, status },
    `Parent cache invalidated via StudyPlan signal: ${values}`,
  );
}
