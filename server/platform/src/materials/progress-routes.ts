import type { MaterialProgress, ReportProgress } from '@querycast/platform-protocol';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Handlers } from '../access/mount.js';
import { holdRelation } from '../access/relations.js';
import type { WriteOptions } from '../access/write-options.js';
import type { Database } from '../db/database.js';
import { materialProgress } from '../db/schema.js';
import { notFound } from '../http/errors.js';
import { parseBody, parseId } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { findGuardians } from '../students/guardians.js';
import { holdActiveMaterial } from './material-queries.js';

const MINUTES_OF_DAY = 1_440;

const reportSchema: z.ZodType<ReportProgress> = z.strictObject({
  progressPercentage: wholeNumber(100),
  timeSpentMinutes: wholeNumber(MINUTES_OF_DAY),
});

/** What students tell of their work. */
export function progressRoutes({ db, committed }: WriteOptions) {
  return {
    'POST /api/student/materials/:materialId/progress': async (request, response) => {
      const { id: studentId } = viewerOf(request);
      const materialId = parseId(request.params['materialId']);
      const report = parseBody(reportSchema, request.body);
      const { progress, parentId } = await db.transaction(async (tx) => {
        if (!(await holdActiveMaterial(tx, materialId))) throw notFound();
        await holdRelation(tx, 'assigned material', studentId, materialId);
        const saved = await addProgress(tx, studentId, materialId, report);
        return { progress: saved, parentId: (await findGuardians(tx, studentId)).parentId };
      });
      await committed(parentId);
      response.json(progress);
    },
  } satisfies Partial<Handlers>;
}

/** Sets the percentage, adds the time, and keeps what was completed once; of several at the same moment none is lost. */
async function addProgress(
  tx: Database,
  studentId: number,
  materialId: number,
  { progressPercentage, timeSpentMinutes }: ReportProgress,
): Promise<MaterialProgress> {
  const table = materialProgress;
  const isCompleted = progressPercentage === 100;
  const [row] = await tx
    .insert(table)
    .values({ studentId, materialId, progressPercentage, timeSpentMinutes, isCompleted })
    .onConflictDoUpdate({
      target: [table.studentId, table.materialId],
      set: {
        progressPercentage,
        timeSpentMinutes: sql`${table.timeSpentMinutes} + excluded.time_spent_minutes`,
        isCompleted: sql`${table.isCompleted} OR excluded.is_completed`,
      },
    })
    .returning({
      materialId: table.materialId,
      progressPercentage: table.progressPercentage,
      timeSpentMinutes: table.timeSpentMinutes,
      isCompleted: table.isCompleted,
    });
  if (!row) throw new Error('an upsert returned no row');
  return row;
}

function wholeNumber(max: number) {
  return z.int('must be a whole number').min(0, 'must not be negative').max(max, `must be at most ${max}`);
}
