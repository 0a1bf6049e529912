import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { sessions, users } from '../db/schema.js';
import { DEMO_EMAILS } from './demo-people.js';

/** Lets the demo people of this database, if there are any, log in again. */
export async function openDemoAccess(db: Database): Promise<void> {
  await db
    .update(users)
    .set({ isActive: true })
    .where(and(inArray(users.email, DEMO_EMAILS), eq(users.isActive, false)));
}

/**
 * Deactivates the demo people and ends their sessions: their password is public, one of them is an administrator. What
 * belongs to them stays. Answers whom it deactivated: they may have sockets open on other nodes.
 */
export async function closeDemoAccess(db: Database, nowMs: number): Promise<number[]> {
  return db.transaction(async (tx) => {
    const people = tx.select({ id: users.id }).from(users).where(inArray(users.email, DEMO_EMAILS));
    // First the people, then what is theirs: whoever changes both locks them in this order.
    const deactivated = await tx
      .update(users)
      .set({ isActive: false })
      .where(and(inArray(users.email, DEMO_EMAILS), eq(users.isActive, true)))
      .returning({ id: users.id });
    await tx
      .update(sessions)
      .set({ revokedAt: new Date(nowMs) })
      .where(and(inArray(sessions.userId, people), isNull(sessions.revokedAt)));
    return deactivated.map(({ id }) => id);
  });
}
