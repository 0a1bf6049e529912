import type { CreateStudent, EditStudent, StudentProfile } from '@querycast/platform-protocol';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Handlers } from '../access/mount.js';
import type { WriteOptions } from '../access/write-options.js';
import type { Database } from '../db/database.js';
import { studentProfiles, users } from '../db/schema.js';
import { badRequest, notFound } from '../http/errors.js';
import { idSchema, parseBody, parseId, proseSchema, someOf } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { hashed, insertPerson, newPersonFields } from '../people/new-person.js';
import { fullName } from '../people/people-queries.js';

const grade = z.int('must be a whole number').min(1, 'must be at least 1').max(12, 'must be at most 12');
const goal = proseSchema(500, 0);

const createSchema: z.ZodType<CreateStudent> = z
  .strictObject({
    ...newPersonFields,
    grade,
    goal: goal.exactOptional(),
    parent: z.strictObject(newPersonFields).exactOptional(),
    parentId: idSchema.exactOptional(),
  })
  .refine(({ parent, parentId }) => parent === undefined || parentId === undefined, {
    message: 'must not be given together with parent',
    path: ['parentId'],
  });

const editSchema: z.ZodType<EditStudent> = someOf(
  z.strictObject({
    grade: grade.exactOptional(),
    goal: goal.exactOptional(),
    parentId: idSchema.nullable().exactOptional(),
  }),
);

/** What the routes of a tutor's students need. */
export interface StudentRoutesOptions extends WriteOptions {
  /** Looks again at what somebody may see, once it was committed that this is something else. */
  readonly recheckUser: (userId: number) => void;
}

/** A tutor's students: take one in, with or without a parent, and change what is known of one. */
export function studentRoutes({ db, committed, recheckUser }: StudentRoutesOptions) {
  return {
    'POST /api/tutor/students': async (request, response) => {
      const { id: tutorId } = viewerOf(request);
      const { grade: inGrade, goal: towards = '', parent, parentId, ...person } = parseBody(createSchema, request.body);
      // One after the other: a form takes one of the places that its sender has.
      const student = await hashed(person, tutorId);
      const newParent = parent && (await hashed(parent, tutorId));
      const profile = await db.transaction(async (tx) => {
        if (parentId !== undefined) await holdParent(tx, parentId);
        const by = newParent && (await insertPerson(tx, 'parent', newParent, 'parent.email'));
        const { id, firstName, lastName } = await insertPerson(tx, 'student', student);
        const links = { parentId: by?.id ?? parentId ?? null, tutorId };
        await tx.insert(studentProfiles).values({ userId: id, grade: inGrade, goal: towards, ...links });
        return { id, name: `${firstName} ${lastName}`, grade: inGrade, goal: towards, parentId: links.parentId };
      });
      for (const id of [tutorId, profile.parentId]) if (id !== null) recheckUser(id);
      await committed(profile.parentId);
      response.status(201).json(profile satisfies StudentProfile);
    },

    'PATCH /api/tutor/students/:studentId': async (request, response) => {
      const { id: tutorId } = viewerOf(request);
      const studentId = parseId(request.params['studentId']);
      const fields = parseBody(editSchema, request.body);
      const { profile, parentBefore } = await db.transaction(async (tx) => {
        if (fields.parentId) await holdParent(tx, fields.parentId);
        return editProfile(tx, tutorId, studentId, fields);
      });
      if (parentBefore !== profile.parentId) {
        for (const id of [parentBefore, profile.parentId]) if (id !== null) recheckUser(id);
      }
      await committed(profile.parentId);
      response.json(profile);
    },
  } satisfies Partial<Handlers>;
}

async function editProfile(tx: Database, tutorId: number, studentId: number, fields: EditStudent) {
  const table = studentProfiles;
  // Asked once more on the locked row: the student may have gone to another tutor meanwhile.
  const isTheirs = and(eq(table.userId, studentId), eq(table.tutorId, tutorId));
  const [before] = await tx.select({ parentId: table.parentId }).from(table).where(isTheirs).for('no key update');
  const [row] = await tx
    .update(table)
    .set(fields)
    .where(isTheirs)
    .returning({ grade: table.grade, goal: table.goal, parentId: table.parentId });
  const [person] = await tx.select({ id: users.id, name: fullName() }).from(users).where(eq(users.id, studentId));
  if (!before || !row || !person) throw notFound();
  const profile: StudentProfile = { ...person, ...row };
  return { profile, parentBefore: before.parentId };
}

/** Throws a 400 unless it is an active parent, who stays one until the transaction ends. */
async function holdParent(tx: Database, parentId: number): Promise<void> {
  const [parent] = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, parentId), eq(users.role, 'parent'), eq(users.isActive, true)))
    .for('share');
  if (!parent) throw badRequest({ parentId: 'is no parent' });
}
