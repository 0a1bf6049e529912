import type { PersonName } from '@querycast/platform-protocol';
import { eq, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import { users } from '../db/schema.js';

/** A person's name as others see it. */
export const fullName = (person: { firstName: AnyPgColumn; lastName: AnyPgColumn } = users) =>
  sql<string>`${person.firstName} || ' ' || ${person.lastName}`;

/**
 * The name of somebody as it is now. Reads that show their viewer's own name ask for it themselves: one that was read with
 * the log-in could be cached as if it had been read after a change of it. Rejects when there is nobody with this id.
 */
export async function readPersonName(db: Database, id: number): Promise<PersonName> {
  const [person] = await db.select({ id: users.id, name: fullName() }).from(users).where(eq(users.id, id));
  if (!person) throw new Error('there is no such person');
  return person;
}

/** What a log-in needs to know of a person; the hash never leaves the server. */
export async function findCredentials(db: Database, email: string) {
  const [person] = await db
    .select({
      id: users.id,
      role: users.role,
      name: fullName(),
      isActive: users.isActive,
      passwordHash: users.passwordHash,
    })
    .from(users)
    .where(eq(users.email, email.toLowerCase()));
  return person;
}
