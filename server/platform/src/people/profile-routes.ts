import type { EditProfile, Profile } from '@querycast/platform-protocol';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Handlers } from '../access/mount.js';
import type { WriteOptions } from '../access/write-options.js';
import { users } from '../db/schema.js';
import { unauthenticated } from '../http/errors.js';
import { parseBody, someOf, textSchema } from '../http/validation.js';
import { viewerOf } from '../http/viewer.js';
import { fullName } from './people-queries.js';

const editSchema: z.ZodType<EditProfile> = someOf(
  z.strictObject({ firstName: textSchema(100).exactOptional(), lastName: textSchema(100).exactOptional() }),
);

const shown = { name: fullName(), firstName: users.firstName, lastName: users.lastName, email: users.email };

/** The names of whoever is logged in; nothing else about oneself can be changed. */
export function profileRoutes({ db, committed }: WriteOptions) {
  return {
    'PATCH /api/auth/me': async (request, response) => {
      const { id, role } = viewerOf(request);
      const names = parseBody(editSchema, request.body);
      const [row] = await db.update(users).set(names).where(eq(users.id, id)).returning(shown);
      if (!row) throw unauthenticated();
      await committed();
      response.json({ id, role, ...row } satisfies Profile);
    },
  } satisfies Partial<Handlers>;
}
