import type { CompletedWeek } from '@querycast/platform-protocol';
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { materialAssignments, materialProgress, materials } from '../db/schema.js';

/** How many weeks are told. */
const WEEKS = 12;

/** The Monday in UTC of the week in which something was completed. */
const weekStartDate = sql<string>`to_char(date_trunc('week', ${materialProgress.completedAt} AT TIME ZONE 'UTC'), 'YYYY-MM-DD')`;

/**
 * The newest weeks in which a student completed something that is assigned and active, oldest first, in one statement.
 * Nothing in it depends on the present time: what is kept of a read goes stale by writes alone.
 */
export async function listCompletedWeeks(db: Database, studentId: number): Promise<CompletedWeek[]> {
  const newestFirst = await db
    .select({ weekStartDate, completed: sql<number>`count(*)::int` })
    .from(materialAssignments)
    .innerJoin(materials, and(eq(materials.id, materialAssignments.materialId), eq(materials.status, 'active')))
    .innerJoin(
      materialProgress,
      and(
        eq(materialProgress.studentId, materialAssignments.studentId),
        eq(materialProgress.materialId, materialAssignments.materialId),
      ),
    )
    .where(
      and(
        eq(materialAssignments.studentId, studentId),
        materialProgress.isCompleted,
        isNotNull(materialProgress.completedAt),
      ),
    )
    .groupBy(weekStartDate)
    .orderBy(desc(weekStartDate))
    .limit(WEEKS);
  return newestFirst.reverse();
}
