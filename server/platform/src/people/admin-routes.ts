import type { CreateUser, EditUser } from '@querycast/platform-protocol';
import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Handlers } from '../access/mount.js';
import type { WriteOptions } from '../access/write-options.js';
import { users } from '../db/schema.js';
import { conflict, notFound } from '../http/errors.js';
import { parseBody, parseId, someOf, textSchema } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { hashed, insertPerson, newPersonFields } from './new-person.js';

/** What the routes of administrators need. */
export interface AdminRoutesOptions extends WriteOptions {
  /** Closes the sockets of somebody whose account was deactivated. */
  readonly evictUser: (userId: number) => void;
}

const createSchema: z.ZodType<CreateUser> = z.strictObject({
  ...newPersonFields,
  role: z.enum(['parent', 'teacher', 'tutor', 'admin'], 'must be parent, teacher, tutor or admin'),
});

const editSchema: z.ZodType<EditUser> = someOf(
  z.strictObject({
    firstName: textSchema(100).exactOptional(),
    lastName: textSchema(100).exactOptional(),
    isActive: z.boolean('must be true or false').exactOptional(),
  }),
);

const columns = {
  id: users.id,
  email: users.email,
  role: users.role,
  firstName: users.firstName,
  lastName: users.lastName,
  isActive: users.isActive,
};

/** Everybody's accounts, for administrators: list, create, rename, deactivate and activate. */
export function adminRoutes({ db, committed, evictUser, logger }: AdminRoutesOptions) {
  return {
    'GET /api/admin/users': async (_request, response) => {
      response.json(await db.select(columns).from(users).orderBy(asc(users.id)));
    },

    'POST /api/admin/users': async (request, response) => {
      const { role, ...person } = parseBody(createSchema, request.body);
      const { id: adminId } = viewerOf(request);
      const created = await insertPerson(db, role, await hashed(person, adminId));
      await committed();
      logger.info({ user: created.id, role, by: adminId }, 'user created');
      response.status(201).json(created);
    },

    'PATCH /api/admin/users/:userId': async (request, response) => {
      const { id: adminId } = viewerOf(request);
      const userId = parseId(request.params['userId']);
      const fields = parseBody(editSchema, request.body);
      const isEnding = fields.isActive === false;
      if (isEnding && userId === adminId) throw conflict('You cannot deactivate yourself.');
      // Whoever is activated again must log in again: a trigger ends the sessions of whom this deactivates.
      const [user] = await db.update(users).set(fields).where(eq(users.id, userId)).returning(columns);
      if (!user) throw notFound();
      if (isEnding) evictUser(userId);
      await committed();
      if (fields.isActive !== undefined) {
        logger.info({ user: userId, by: adminId }, isEnding ? 'user deactivated' : 'user activated');
      }
      response.json(user);
    },
  } satisfies Partial<Handlers>;
}
