import type { NewPerson, Role } from '@querycast/platform-protocol';
import { z } from 'zod';
import type { Database } from '../db/database.js';
import { users } from '../db/schema.js';
import { isUniqueViolation } from '../db/unique-violation.js';
import { badRequest } from '../http/errors.js';
import { textSchema } from '../http/validation.js';
import { hashPassword } from './password.js';

/** What is asked of everybody who gets an account; names and e-mail as {@link users} keeps them. */
export const newPersonFields = {
  firstName: textSchema(100),
  lastName: textSchema(100),
  email: z.email('must be an e-mail address').max(254, 'is too long').toLowerCase(),
  // Only ever hashed: any character is good.
  password: z.string('must be a text').min(8, 'must have at least 8 characters').max(1_024, 'is too long'),
} satisfies Record<keyof NewPerson, z.ZodType>;

/** Somebody to be added, with the password hashed: that takes a while, and a transaction must not wait for it. */
export interface HashedPerson extends Omit<NewPerson, 'password'> {
  readonly passwordHash: string;
}

/** Hashes the password of a new person, for the viewer who adds them. Rejects with `PasswordsBusyError`. */
export async function hashed({ password, ...person }: NewPerson, viewer: number): Promise<HashedPerson> {
  return { ...person, passwordHash: await hashPassword(password, { viewer }) };
}

/** Adds somebody. Throws a 400 about `field` when the e-mail is taken; the transaction is over then. */
export async function insertPerson(tx: Database, role: Role, person: HashedPerson, field = 'email') {
  const { firstName, lastName, email, passwordHash } = person;
  try {
    const [row] = await tx.insert(users).values({ firstName, lastName, email, passwordHash, role }).returning({
      id: users.id,
      email: users.email,
      role: users.role,
      firstName: users.firstName,
      lastName: users.lastName,
      isActive: users.isActive,
    });
    if (!row) throw new Error('an insert returned no row');
    return row;
  } catch (error) {
    if (isUniqueViolation(error, 'users_email_unique')) throw badRequest({ [field]: 'is taken' });
    throw error;
  }
}
