import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { sessions, users } from '../db/schema.js';
import { addSession, type SessionGrant } from '../sessions/session-queries.js';

/** What {@link changePassword} is about. */
export interface PasswordChange {
  readonly userId: number;
  /** The log-in of whoever changes it: it must be open still. */
  readonly sessionId: string;
  /** What the current password was checked against. */
  readonly currentHash: string;
  readonly newHash: string;
}

/** A changed password. */
export interface PasswordChanged extends SessionGrant {
  /** The log-ins that it ended, that of whoever changed it among them. */
  readonly ended: readonly string[];
}

/**
 * Changes somebody's password, ends all their sessions and begins a new one, all of it or nothing. Answers instead what
 * somebody else did first: `password_changed`, or `session_over`.
 */
export async function changePassword(
  db: Database,
  { userId, sessionId, currentHash, newHash }: PasswordChange,
  nowMs: number,
): Promise<PasswordChanged | 'password_changed' | 'session_over'> {
  return db.transaction(async (tx) => {
    // First of all: no log-in begins and no other change goes on until this one is over.
    const [person] = await tx
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.id, userId), eq(users.passwordHash, currentHash)))
      .for('no key update');
    const isOpen = and(eq(sessions.userId, userId), isNull(sessions.revokedAt));
    const open = await tx.select({ id: sessions.id }).from(sessions).where(isOpen).for('update');
    const ended = open.map(({ id }) => id);
    if (!ended.includes(sessionId)) return 'session_over';
    if (!person) return 'password_changed';
    // A trigger ends the sessions with it, as whenever a password changes.
    await tx.update(users).set({ passwordHash: newHash }).where(eq(users.id, userId));
    return { ended, ...(await addSession(tx, userId, nowMs)) };
  });
}
