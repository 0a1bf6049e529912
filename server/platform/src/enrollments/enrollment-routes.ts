import type { AssignSubject } from '@querycast/platform-protocol';
import type { Logger } from '@querycast/server';
import { Router } from 'express';
import { z } from 'zod';
import { holdStudentOf } from '../access.js';
import type { DashboardCacheManager } from '../cache/dashboard-cache-manager.js';
import type { Database } from '../db/database.js';
import { badRequest, notFound } from '../http/errors.js';
import { idSchema, parseBody, parseId } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { findTeaching } from '../subjects/subject-queries.js';
import { assignSubject, endEnrollment } from './enrollment-queries.js';

/** What the routes of assigning need. */
export interface EnrollmentRoutesOptions {
  readonly db: Database;
  readonly cache: DashboardCacheManager;
  readonly logger: Logger;
  /** Called after the commit of every assignment and its end, with the student's parent. */
  readonly committed: (parentId: number | null) => void;
}

const assignSchema: z.ZodType<AssignSubject> = z.strictObject({ subjectId: idSchema, teacherId: idSchema });

/** `/api/tutor/students/:id/subjects`: assign and end, for the student's own tutor. */
export function enrollmentRoutes({ db, cache, logger, committed }: EnrollmentRoutesOptions): Router {
  const router = Router();

  router.post('/:id/subjects', async (request, response) => {
    const { id: tutorId } = viewerOf(request);
    const studentId = parseId(request.params.id);
    const { subjectId, teacherId } = parseBody(assignSchema, request.body);
    const { enrollment, created, parentId } = await db.transaction(async (tx) => {
      const student = await holdStudentOf(tx, tutorId, studentId);
      if (!student) throw notFound();
      const { subjectExists, teaches } = await findTeaching(tx, subjectId, teacherId);
      if (!subjectExists) throw badRequest({ subjectId: 'is no subject' });
      if (!teaches) throw badRequest({ teacherId: 'does not teach this subject' });
      const assigned = await assignSubject(tx, { studentId, subjectId, teacherId, assignedBy: tutorId });
      if (student.parentId !== null) await cache.invalidateParentCache(tx, student.parentId);
      return { ...assigned, parentId: student.parentId };
    });
    committed(parentId);
    if (parentId !== null) {
      const ids = { parent_id: parentId, student_id: studentId, enrollment_id: enrollment.id };
      // Values in the message, against the habit of this log: people search for these words.
      const values = `parent_id=${parentId}, student_id=${studentId}, enrollment_id=${enrollment.id}`;
      logger.info(ids, `Parent cache invalidated: ${values}`);
    }
    response.status(created ? 201 : 200).json(enrollment);
  });

  router.delete('/:id/subjects/:enrollmentId', async (request, response) => {
    const { id: tutorId } = viewerOf(request);
    const studentId = parseId(request.params.id);
    const enrollmentId = parseId(request.params.enrollmentId);
    const { parentId } = await db.transaction(async (tx) => {
      const student = await holdStudentOf(tx, tutorId, studentId);
      if (!student || !(await endEnrollment(tx, studentId, enrollmentId))) throw notFound();
      return student;
    });
    committed(parentId);
    response.status(204).end();
  });

  return router;
}
