import type { CreateMaterial, EditMaterial, MaterialAssignments } from '@querycast/platform-protocol';
import { z } from 'zod';
import type { Handlers } from '../access/mount.js';
import type { WriteOptions } from '../access/write-options.js';
import type { Database } from '../db/database.js';
import { badRequest, conflict, notFound } from '../http/errors.js';
import { idSchema, parseBody, parseId, someOf, textSchema } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { findTeachings } from '../subjects/subject-queries.js';
import {
  deleteMaterial,
  findAssignable,
  insertMaterial,
  lockMaterial,
  replaceAssignments,
  updateMaterial,
} from './material-queries.js';

/** More students than any teacher gives one material to. */
const MAX_STUDENTS = 1_000;

const title = textSchema(200, 3);
const type = z.enum(['lesson', 'video', 'exercise', 'test'], 'must be lesson, video, exercise or test');
const status = z.enum(['draft', 'active', 'archived'], 'must be draft, active or archived');

const createSchema: z.ZodType<CreateMaterial> = z.strictObject({
  subjectId: idSchema,
  title,
  type,
  status: status.exactOptional(),
});

const editSchema: z.ZodType<EditMaterial> = someOf(
  z.strictObject({
    subjectId: idSchema.exactOptional(),
    title: title.exactOptional(),
    type: type.exactOptional(),
    status: status.exactOptional(),
  }),
);

const assignmentsSchema: z.ZodType<MaterialAssignments> = z.strictObject({
  studentIds: z
    .array(idSchema)
    .max(MAX_STUDENTS, `must not be more than ${MAX_STUDENTS}`)
    .refine((ids) => new Set(ids).size === ids.length, 'must name each student once'),
});

/** Write, edit, assign and delete, for the author. */
export function materialRoutes({ db, committed }: WriteOptions) {
  return {
    'POST /api/teacher/materials': async (request, response) => {
      const { id: authorId } = viewerOf(request);
      const fields = parseBody(createSchema, request.body);
      await checkSubject(db, authorId, fields.subjectId);
      const material = await insertMaterial(db, authorId, fields);
      await committed();
      response.status(201).json(material);
    },

    'PATCH /api/teacher/materials/:materialId': async (request, response) => {
      const { id: authorId } = viewerOf(request);
      const materialId = parseId(request.params['materialId']);
      const fields = parseBody(editSchema, request.body);
      if (fields.subjectId !== undefined) await checkSubject(db, authorId, fields.subjectId);
      const material = await db.transaction(async (tx) => {
        const before = await lockMaterial(tx, authorId, materialId);
        if (!before) throw notFound();
        if (fields.status === 'draft' && before.status !== 'draft') {
          throw conflict('A material that was published cannot become a draft again: archive it.');
        }
        return updateMaterial(tx, authorId, materialId, fields);
      });
      await committed();
      response.json(material);
    },

    'DELETE /api/teacher/materials/:materialId': async (request, response) => {
      if (!(await deleteMaterial(db, viewerOf(request).id, parseId(request.params['materialId'])))) throw notFound();
      await committed();
      response.status(204).end();
    },

    'PUT /api/teacher/materials/:materialId/assignments': async (request, response) => {
      const { id: authorId } = viewerOf(request);
      const materialId = parseId(request.params['materialId']);
      const { studentIds } = parseBody(assignmentsSchema, request.body);
      await db.transaction(async (tx) => {
        if (!(await lockMaterial(tx, authorId, materialId))) throw notFound();
        const assignable = await findAssignable(tx, authorId, materialId, studentIds);
        const problems = studentIds.flatMap((id, index) =>
          assignable.has(id) ? [] : [[`studentIds.${index}`, 'is no student of yours'] as const],
        );
        if (problems.length > 0) throw badRequest(Object.fromEntries(problems));
        await replaceAssignments(tx, materialId, studentIds);
      });
      await committed();
      response.json({ studentIds } satisfies MaterialAssignments);
    },
  } satisfies Partial<Handlers>;
}

/** Throws a 400 unless this teacher teaches the subject. */
async function checkSubject(db: Database, teacherId: number, subjectId: number): Promise<void> {
  const [teaching] = await findTeachings(db, [{ subjectId, teacherId }]);
  if (!teaching?.teaches) throw badRequest({ subjectId: 'is no subject that you teach' });
}
