import type { CreateStudyPlan, EditStudyPlan, StudyPlan } from '@querycast/platform-protocol';
import { z } from 'zod';
import type { Handlers } from '../access/mount.js';
import { isRelated } from '../access/relations.js';
import type { WriteOptions } from '../access/write-options.js';
import type { Database } from '../db/database.js';
import { badRequest, conflict, notFound } from '../http/errors.js';
import { dateSchema, idSchema, parseBody, parseId, proseSchema, someOf, textSchema } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { findGuardians } from '../students/guardians.js';
import {
  archivePlan,
  deletePlan,
  editDraft,
  findPlan,
  holdEnrollment,
  insertPlan,
  lockPlan,
} from './study-plan-queries.js';

const NOT_LEARNED = { subjectId: 'is not learned by the student with you' };

const title = textSchema(200, 3);
const content = proseSchema(10_000, 10);

const createSchema: z.ZodType<CreateStudyPlan> = z.strictObject({
  studentId: idSchema,
  subjectId: idSchema,
  title,
  content,
  weekStartDate: dateSchema,
  status: z.enum(['draft', 'sent'], 'must be draft or sent').exactOptional(),
});

const editSchema: z.ZodType<EditStudyPlan> = someOf(
  z.strictObject({
    subjectId: idSchema.exactOptional(),
    title: title.exactOptional(),
    content: content.exactOptional(),
    weekStartDate: dateSchema.exactOptional(),
    status: z.enum(['sent', 'archived'], 'must be sent or archived').exactOptional(),
  }),
);

/** Write, edit, send, archive and delete, for the teacher who plans. */
export function studyPlanRoutes({ db, cache, logger, committed }: WriteOptions) {
  /**
   * What a send does besides: the guide's explicit call, in the transaction of the change. Answers the parent who sees the
   * plan.
   */
  async function invalidateParent(tx: Database, plan: StudyPlan): Promise<number | null> {
    const parentId = await parentWhoSees(tx, plan);
    if (parentId !== null) await cache.invalidateParentCache(tx, parentId);
    return parentId;
  }

  /** Values in the message, against the habit of this log: people search for these words. */
  function logSent(plan: StudyPlan, parentId: number | null): void {
    if (parentId === null) return;
    const ids = { plan_id: plan.id, parent_id: parentId, student_id: plan.studentId };
    const values = `plan_id=${plan.id}, parent_id=${parentId}, student_id=${plan.studentId}`;
    logger.info(ids, `Parent cache invalidated after study plan sent: ${values}`);
  }

  /** Changes a draft in one transaction with all that follows from it. Throws a 409 when it is none. */
  async function edit(teacherId: number, planId: number, fields: Parameters<typeof editDraft>[2]): Promise<StudyPlan> {
    const edited = await db.transaction(async (tx) => {
      const draft = await lockPlan(tx, teacherId, planId);
      if (!draft) throw notFound();
      // Of two that send at once, the second one waits for the lock, and finds no draft any more.
      if (draft.status !== 'draft') return undefined;
      const isAboutLessons = fields.subjectId !== undefined || fields.status === 'sent';
      const lesson = isAboutLessons ? await holdLesson(tx, teacherId, draft, fields.subjectId) : undefined;
      const plan = await editDraft(tx, planId, { ...fields, ...lesson });
      return { plan, parentId: await invalidateParent(tx, plan) };
    });
    // Who was too late waits as well: their page is told what the first one did before it asks for it.
    await committed(edited?.parentId);
    if (!edited) throw conflict('The plan was sent already and is not edited any more.');
    logSent(edited.plan, edited.parentId);
    return edited.plan;
  }

  return {
    'POST /api/teacher/study-plans': async (request, response) => {
      const { id: teacherId } = viewerOf(request);
      const { status = 'draft', ...fields } = parseBody(createSchema, request.body);
      const { plan, parentId } = await db.transaction(async (tx) => {
        const enrollment = await holdEnrollment(tx, teacherId, fields.studentId, fields.subjectId);
        if (!enrollment) throw await cannotPlan(tx, teacherId, fields.studentId);
        const inserted = await insertPlan(tx, { ...fields, status, teacherId, enrollmentId: enrollment.id });
        return { plan: inserted, parentId: await invalidateParent(tx, inserted) };
      });
      await committed(parentId);
      logSent(plan, parentId);
      response.status(201).json(plan);
    },

    'PATCH /api/teacher/study-plans/:planId': async (request, response) => {
      const { id: teacherId } = viewerOf(request);
      const planId = parseId(request.params['planId']);
      const { status, ...fields } = parseBody(editSchema, request.body);
      if (status !== 'archived') {
        response.json(await edit(teacherId, planId, { ...fields, ...(status && { status }) }));
        return;
      }
      if (Object.keys(fields).length > 0) throw badRequest({ status: 'cannot be archived together with an edit' });
      const plan = await archivePlan(db, teacherId, planId);
      if (!plan) throw await cannotArchive(db, teacherId, planId);
      await committed(await parentWhoSees(db, plan));
      response.json(plan);
    },

    'DELETE /api/teacher/study-plans/:planId': async (request, response) => {
      const plan = await deletePlan(db, viewerOf(request).id, parseId(request.params['planId']));
      if (!plan) throw notFound();
      await committed(await parentWhoSees(db, plan));
      response.status(204).end();
    },

    'POST /api/teacher/study-plans/:planId/send': async (request, response) => {
      const planId = parseId(request.params['planId']);
      response.json(await edit(viewerOf(request).id, planId, { status: 'sent' }));
    },
  } satisfies Partial<Handlers>;
}

/** The parent of a plan's student; nobody of a draft. */
async function parentWhoSees(db: Database, { studentId, status }: Pick<StudyPlan, 'studentId' | 'status'>) {
  return status === 'draft' ? null : (await findGuardians(db, studentId)).parentId;
}

/**
 * The enrollment that a plan is sent under, or moved to another subject under. Throws a 400 about another subject, and a
 * 409 when the lessons have ended since it was written.
 */
async function holdLesson(
  tx: Database,
  teacherId: number,
  draft: Pick<StudyPlan, 'studentId' | 'subjectId'>,
  subjectId: number | undefined,
) {
  const enrollment = await holdEnrollment(tx, teacherId, draft.studentId, subjectId ?? draft.subjectId);
  if (enrollment) return { enrollmentId: enrollment.id };
  throw subjectId === undefined
    ? conflict('The student does not learn this with you any more.')
    : badRequest(NOT_LEARNED);
}

/** Why there is no enrollment to plan for: the student is not the teacher's, or the subject is not the student's. */
async function cannotPlan(tx: Database, teacherId: number, studentId: number) {
  const isPupil = await isRelated(tx, 'pupil', teacherId, studentId);
  return badRequest(isPupil ? NOT_LEARNED : { studentId: 'is no student of yours' });
}

async function cannotArchive(db: Database, teacherId: number, planId: number) {
  const plan = await findPlan(db, teacherId, planId);
  if (!plan) return notFound();
  return conflict(plan.status === 'draft' ? 'A draft cannot be archived: delete it.' : 'The plan is archived already.');
}
