import { eq, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import { users } from '../db/schema.js';

/** A person's name as others see it. */
export const fullName = (person: { firstName: AnyPgColumn; lastName: AnyPgColumn } = users) =>
  sql<string>`${person.firstName} || ' ' || ${person.lastName}`;

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
