import type { CreateStudentReport, EditStudentReport, StudentReport } from '@querycast/platform-protocol';
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Handlers } from '../access/mount.js';
import { holdRelation } from '../access/relations.js';
import type { WriteOptions } from '../access/write-options.js';
import { dated } from '../dashboards/dated.js';
import type { Database } from '../db/database.js';
import { studentReports } from '../db/schema.js';
import { conflict } from '../http/errors.js';
import { parseBody, parseId, proseSchema, someOf, textSchema } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { holdGuardians } from '../students/guardians.js';
import { ALREADY_SENT, asEnded, NOBODY_TO_SEND_TO } from './report-conflicts.js';

const title = textSchema(200, 3);
const content = proseSchema(10_000);

const createSchema: z.ZodType<CreateStudentReport> = z.strictObject({ title, content });
const editSchema: z.ZodType<EditStudentReport> = someOf(
  z.strictObject({ title: title.exactOptional(), content: content.exactOptional() }),
);

const columns = {
  id: studentReports.id,
  studentId: studentReports.studentId,
  title: studentReports.title,
  content: studentReports.content,
  status: studentReports.status,
  sentAt: studentReports.sentAt,
};

/** Reports on a student to the parent: write, edit and send, for the teacher. */
export function studentReportRoutes({ db, committed }: WriteOptions) {
  return {
    'POST /api/teacher/students/:studentId/reports': async (request, response) => {
      const { id: teacherId, name } = viewerOf(request);
      const studentId = parseId(request.params['studentId']);
      const fields = parseBody(createSchema, request.body);
      const row = await db.transaction(async (tx) => {
        await holdRelation(tx, 'pupil', teacherId, studentId);
        const { parentId } = await holdGuardians(tx, studentId);
        const [inserted] = await tx
          .insert(studentReports)
          .values({ ...fields, teacherId, studentId, parentId })
          .returning(columns);
        if (!inserted) throw new Error('an insert returned no row');
        return inserted;
      });
      await committed();
      response.status(201).json({ ...dated(row), teacher: { id: teacherId, name } } satisfies StudentReport);
    },

    'PATCH /api/teacher/student-reports/:reportId': async (request, response) => {
      const { id: teacherId, name } = viewerOf(request);
      const reportId = parseId(request.params['reportId']);
      const fields = parseBody(editSchema, request.body);
      const [row] = await db.update(studentReports).set(fields).where(draftOf(teacherId, reportId)).returning(columns);
      if (!row) throw conflict(ALREADY_SENT);
      await committed();
      response.json({ ...dated(row), teacher: { id: teacherId, name } } satisfies StudentReport);
    },

    'POST /api/teacher/student-reports/:reportId/send': async (request, response) => {
      const { id: teacherId, name } = viewerOf(request);
      const reportId = parseId(request.params['reportId']);
      const { row, parentId } = await db.transaction((tx) => send(tx, teacherId, reportId));
      await committed(parentId);
      response.json({ ...dated(row), teacher: { id: teacherId, name } } satisfies StudentReport);
    },
  } satisfies Partial<Handlers>;
}

/** Sends it to whoever is the parent now. Throws a 409 when it was sent, or there is no parent. */
async function send(tx: Database, teacherId: number, reportId: number) {
  const [draft] = await tx
    .select({ studentId: studentReports.studentId })
    .from(studentReports)
    .where(draftOf(teacherId, reportId))
    .for('update');
  if (!draft) throw conflict(ALREADY_SENT);
  await holdRelation(tx, 'pupil', teacherId, draft.studentId).catch(asEnded);
  const { parentId } = await holdGuardians(tx, draft.studentId);
  if (parentId === null) throw conflict(NOBODY_TO_SEND_TO);
  const [row] = await tx
    .update(studentReports)
    .set({ status: 'sent', sentAt: sql`now()`, parentId })
    .where(eq(studentReports.id, reportId))
    .returning(columns);
  if (!row) throw new Error('an update returned no row');
  return { row, parentId };
}

function draftOf(teacherId: number, reportId: number) {
  return and(
    eq(studentReports.id, reportId),
    eq(studentReports.teacherId, teacherId),
    eq(studentReports.status, 'draft'),
  );
}
