import { personRoom } from '@querycast/platform-protocol';
import type { Room } from '@querycast/protocol';
import { inArray } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { DEMO_PEOPLE } from '../db/demo-data.js';
import { users } from '../db/schema.js';

/** The domain is reserved for tests (RFC 2606): nobody real has one of these addresses. */
export const DEMO_EMAILS = DEMO_PEOPLE.map(({ email }) => email);

/** The demo people of a database. */
export interface DemoPeople {
  has(userId: number): boolean;
  /** Their own rooms; what happens in any other one is none of the demo's business. */
  readonly rooms: ReadonlySet<Room>;
}

/** Finds the demo people by their addresses: in a database that had people before, their usual ids are others'. */
export async function findDemoPeople(db: Database): Promise<DemoPeople> {
  const people = await db
    .select({ id: users.id, role: users.role })
    .from(users)
    .where(inArray(users.email, DEMO_EMAILS));
  const ids = new Set(people.map(({ id }) => id));
  return { has: (userId) => ids.has(userId), rooms: new Set(people.map(({ id, role }) => personRoom(role, id))) };
}
