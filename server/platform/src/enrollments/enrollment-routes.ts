import type { AssignSubject, AssignSubjects } from '@querycast/platform-protocol';
import { z } from 'zod';
import type { Handlers } from '../access/mount.js';
import { holdRelation } from '../access/relations.js';
import type { WriteOptions } from '../access/write-options.js';
import { badRequest, notFound } from '../http/errors.js';
import { idSchema, parseBody, parseId } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { findGuardians } from '../students/guardians.js';
import { findTeachings } from '../subjects/subject-queries.js';
import { type Assigned, assignSubjects, endEnrollment } from './enrollment-queries.js';

/** More than any school teaches one student. */
const MAX_SUBJECTS = 50;

const assignSchema: z.ZodType<AssignSubject> = z.strictObject({ subjectId: idSchema, teacherId: idSchema });
const bulkSchema: z.ZodType<AssignSubjects> = z.strictObject({
  subjects: z
    .array(assignSchema)
    .min(1, 'must not be empty')
    .max(MAX_SUBJECTS, `must not be more than ${MAX_SUBJECTS}`)
    .refine(areDistinct, 'must name each subject and teacher once'),
});

/** Assign and end, for the student's own tutor. */
export function enrollmentRoutes({ db, cache, logger, committed }: WriteOptions) {
  /** Assigns all of them or none. `fieldOf` names the field that a subject stands in. */
  async function assign(
    tutorId: number,
    studentId: number,
    subjects: readonly AssignSubject[],
    fieldOf: (field: keyof AssignSubject, index: number) => string,
  ): Promise<Assigned[]> {
    const { assigned, parentId } = await db.transaction(async (tx) => {
      await holdRelation(tx, 'tutee', tutorId, studentId);
      const teachings = await findTeachings(tx, subjects);
      const problems = new Map<string, string>();
      for (const [index, teaching] of teachings.entries()) {
        if (!teaching.subjectExists) problems.set(fieldOf('subjectId', index), 'is no subject');
        else if (!teaching.teaches) problems.set(fieldOf('teacherId', index), 'does not teach this subject');
      }
      if (problems.size > 0) throw badRequest(Object.fromEntries(problems));
      const done = await assignSubjects(tx, { studentId, assignedBy: tutorId, subjects });
      const guardians = await findGuardians(tx, studentId);
      if (guardians.parentId !== null) await cache.invalidateParentCache(tx, guardians.parentId);
      return { assigned: done, parentId: guardians.parentId };
    });
    await committed(parentId);
    if (parentId !== null) for (const { enrollment } of assigned) logAssigned(parentId, studentId, enrollment.id);
    return assigned;
  }

  /** Values in the message, against the habit of this log: people search for these words. */
  function logAssigned(parentId: number, studentId: number, enrollmentId: number): void {
    const ids = { parent_id: parentId, student_id: studentId, enrollment_id: enrollmentId };
    const values = `parent_id=${parentId}, student_id=${studentId}, enrollment_id=${enrollmentId}`;
    logger.info(ids, `Parent cache invalidated: ${values}`);
  }

  return {
    'POST /api/tutor/students/:studentId/subjects': async (request, response) => {
      const subject = parseBody(assignSchema, request.body);
      const studentId = parseId(request.params['studentId']);
      const [assigned] = await assign(viewerOf(request).id, studentId, [subject], (field) => field);
      response.status(assigned?.created ? 201 : 200).json(assigned?.enrollment);
    },

    'POST /api/tutor/students/:studentId/subjects/bulk': async (request, response) => {
      const { subjects } = parseBody(bulkSchema, request.body);
      const studentId = parseId(request.params['studentId']);
      const fieldOf = (field: string, index: number) => `subjects.${index}.${field}`;
      const assigned = await assign(viewerOf(request).id, studentId, subjects, fieldOf);
      response.json(assigned.map(({ enrollment }) => enrollment));
    },

    'DELETE /api/tutor/students/:studentId/subjects/:enrollmentId': async (request, response) => {
      const studentId = parseId(request.params['studentId']);
      const enrollmentId = parseId(request.params['enrollmentId']);
      const { parentId } = await db.transaction(async (tx) => {
        await holdRelation(tx, 'tutee', viewerOf(request).id, studentId);
        if (!(await endEnrollment(tx, studentId, enrollmentId))) throw notFound();
        return findGuardians(tx, studentId);
      });
      await committed(parentId);
      response.status(204).end();
    },
  } satisfies Partial<Handlers>;
}

function areDistinct(subjects: readonly AssignSubject[]): boolean {
  return new Set(subjects.map(({ subjectId, teacherId }) => `${subjectId} ${teacherId}`)).size === subjects.length;
}
