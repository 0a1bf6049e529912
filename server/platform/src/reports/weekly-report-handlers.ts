import type { CreateWeeklyReport, EditWeeklyReport } from '@querycast/platform-protocol';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { holdRelation } from '../access/relations.js';
import type { WriteOptions } from '../access/write-options.js';
import { isUniqueViolation } from '../db/unique-violation.js';
import { badRequest, conflict, HttpError } from '../http/errors.js';
import { dateSchema, idSchema, parseBody, parseId, proseSchema, someOf } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { holdGuardians } from '../students/guardians.js';
import { ALREADY_SENT, asEnded, NOBODY_TO_SEND_TO, ONE_A_WEEK } from './report-conflicts.js';
import type { WeeklyReportKind } from './weekly-report-kind.js';

const summary = proseSchema(10_000);

const createSchema: z.ZodType<CreateWeeklyReport> = z.strictObject({
  studentId: idSchema,
  weekStartDate: dateSchema,
  summary,
});
const editSchema: z.ZodType<EditWeeklyReport> = someOf(
  z.strictObject({ weekStartDate: dateSchema.exactOptional(), summary: summary.exactOptional() }),
);

/** What authors do with weekly reports of a kind: write, edit while it is a draft, send to whoever it is for now. */
export function weeklyReportHandlers(kind: WeeklyReportKind, { db, committed }: WriteOptions) {
  const create: RequestHandler = async (request, response) => {
    const { id: authorId } = viewerOf(request);
    const fields = parseBody(createSchema, request.body);
    const [row] = await oneAWeek(kind, () =>
      db.transaction(async (tx) => {
        await holdRelation(tx, kind.of, authorId, fields.studentId).catch(asBadField);
        const guardians = await holdGuardians(tx, fields.studentId);
        return kind.insert(tx, authorId, guardians[kind.addressee], fields);
      }),
    );
    await committed();
    response.status(201).json(row && (await kind.find(db, row.id)));
  };

  const edit: RequestHandler = async (request, response) => {
    const { id: authorId } = viewerOf(request);
    const reportId = parseId(request.params['reportId']);
    const fields = parseBody(editSchema, request.body);
    await oneAWeek(kind, () =>
      db.transaction(async (tx) => {
        const [draft] = await kind.lockDraft(tx, authorId, reportId);
        if (!draft) throw conflict(ALREADY_SENT);
        await kind.update(tx, reportId, fields);
      }),
    );
    await committed();
    response.json(await kind.find(db, reportId));
  };

  const send: RequestHandler = async (request, response) => {
    const { id: authorId } = viewerOf(request);
    const reportId = parseId(request.params['reportId']);
    const addresseeId = await db.transaction(async (tx) => {
      const [draft] = await kind.lockDraft(tx, authorId, reportId);
      if (!draft) throw conflict(ALREADY_SENT);
      await holdRelation(tx, kind.of, authorId, draft.studentId).catch(asEnded);
      const id = (await holdGuardians(tx, draft.studentId))[kind.addressee];
      if (id === null) throw conflict(NOBODY_TO_SEND_TO);
      await kind.send(tx, reportId, id);
      return id;
    });
    await committed(kind.addressee === 'parentId' ? addresseeId : null);
    response.json(await kind.find(db, reportId));
  };

  return { create, edit, send };
}

/** Runs a write; that there is one for this week already is told as a 409. */
async function oneAWeek<T>({ onceConstraint }: WeeklyReportKind, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error, onceConstraint)) throw conflict(ONE_A_WEEK);
    throw error;
  }
}

/** A student in a body who is not there for the author is a fault of the body. */
function asBadField(error: unknown): never {
  throw error instanceof HttpError && error.status === 404
    ? badRequest({ studentId: 'is no student of yours' })
    : error;
}
