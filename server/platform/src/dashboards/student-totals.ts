import type { Progress } from '@querycast/platform-protocol';
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { materialAssignments, materialProgress, materials } from '../db/schema.js';
import { grouped } from './grouped.js';
import type { StudentSet } from './student-sets.js';

/** What a student's assigned, active materials of one subject add up to. */
export interface SubjectTotals {
  readonly subjectId: number;
  readonly materials: number;
  readonly completed: number;
  readonly progressSum: number;
  readonly timeSpentMinutes: number;
}

/** Totals of many students in one statement, by student; `authorId` leaves out what others wrote. */
export async function listTotals(
  db: Database,
  students: StudentSet,
  authorId?: number,
): Promise<ReadonlyMap<number, SubjectTotals[]>> {
  const rows = await db
    .select({
      studentId: materialAssignments.studentId,
      subjectId: materials.subjectId,
      materials: sql<number>`count(*)::int`,
      completed: sql<number>`(count(*) FILTER (WHERE ${materialProgress.isCompleted}))::int`,
      progressSum: sql<number>`coalesce(sum(${materialProgress.progressPercentage}), 0)::int`,
      timeSpentMinutes: sql<number>`coalesce(sum(${materialProgress.timeSpentMinutes}), 0)::int`,
    })
    .from(materialAssignments)
    .innerJoin(materials, and(eq(materials.id, materialAssignments.materialId), eq(materials.status, 'active')))
    .leftJoin(
      materialProgress,
      and(
        eq(materialProgress.studentId, materialAssignments.studentId),
        eq(materialProgress.materialId, materialAssignments.materialId),
      ),
    )
    .where(
      and(
        students(materialAssignments.studentId),
        authorId === undefined ? undefined : eq(materials.authorId, authorId),
      ),
    )
    .groupBy(materialAssignments.studentId, materials.subjectId);
  return grouped(rows, ({ studentId, ...totals }) => [studentId, totals]);
}

/** Totals as they are shown. */
export function progressOf(totals: readonly SubjectTotals[]): Progress {
  const count = totals.reduce((sum, each) => sum + each.materials, 0);
  const progressSum = totals.reduce((sum, each) => sum + each.progressSum, 0);
  return {
    progress: meanPercent(progressSum, count),
    materials: count,
    completed: totals.reduce((sum, each) => sum + each.completed, 0),
  };
}

/** The mean of whole percents, in whole percent; 0 of none. */
export function averageOf(percents: readonly number[]): number {
  return meanPercent(
    percents.reduce((sum, each) => sum + each, 0),
    percents.length,
  );
}

/** Rounded, but 100 is said only when nothing is missing. */
function meanPercent(sum: number, count: number): number {
  if (count === 0) return 0;
  return sum === 100 * count ? 100 : Math.min(99, Math.round(sum / count));
}
