import { and, eq, ne } from 'drizzle-orm';
import type { Handlers } from '../access/mount.js';
import type { WriteOptions } from '../access/write-options.js';
import { childrenOf } from '../dashboards/student-sets.js';
import { tutorWeeklyReports } from '../db/schema.js';
import { notFound } from '../http/errors.js';
import { parseId } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { weeklyReportHandlers } from './weekly-report-handlers.js';
import { tutorWeekly } from './weekly-report-kind.js';

/** A tutor's weekly reports to parents: write, edit and send; the parent reads. */
export function tutorWeeklyReportRoutes(options: WriteOptions) {
  const { db, committed } = options;
  const { create, edit, send } = weeklyReportHandlers(tutorWeekly, options);
  return {
    'POST /api/tutor-weekly-reports': create,
    'PATCH /api/tutor-weekly-reports/:reportId': edit,
    'POST /api/tutor-weekly-reports/:reportId/send': send,

    'POST /api/tutor-weekly-reports/:reportId/read': async (request, response) => {
      const { id: parentId } = viewerOf(request);
      const reportId = parseId(request.params['reportId']);
      // Asked once more on the locked row. Reading it again changes no value, and so tells nobody.
      const [row] = await db
        .update(tutorWeeklyReports)
        .set({ status: 'read' })
        .where(
          and(
            eq(tutorWeeklyReports.id, reportId),
            eq(tutorWeeklyReports.parentId, parentId),
            ne(tutorWeeklyReports.status, 'draft'),
            childrenOf(parentId)(tutorWeeklyReports.studentId),
          ),
        )
        .returning({ id: tutorWeeklyReports.id });
      if (!row) throw notFound();
      await committed(parentId);
      response.json(await tutorWeekly.find(db, reportId));
    },
  } satisfies Partial<Handlers>;
}
