import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { and, eq, gt, isNotNull, isNull, lt } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { refreshTokens, sessions, users } from '../db/schema.js';
import { fullName } from '../people/people-queries.js';

/** How long a log-in lasts without a new password, in milliseconds: 30 days. */
export const SESSION_LIFETIME_MS = 30 * 24 * 3_600_000;

/**
 * How long a used refresh token still works, in milliseconds. Two tabs that refresh at once, or a reload that cuts the
 * answer off, present the same token twice and are no thieves.
 */
const REUSE_GRACE_MS = 30_000;

/** How long used tokens are remembered to recognise theft, in milliseconds: a day. */
const USED_RETENTION_MS = 24 * 3_600_000;

/** A session that may act, with its person as the database knows it now. */
export type OpenSession = NonNullable<Awaited<ReturnType<typeof findOpenSession>>>;

/** A session's id and the token that keeps it going; only the token's hash is stored. */
export interface SessionGrant {
  readonly sessionId: string;
  readonly refreshToken: string;
}

/**
 * Begins a session of somebody whose password was checked against `passwordHash`. `undefined` when that is their password no
 * more, or they are not active any more: what ends all sessions must not miss one that is about to begin.
 */
export async function beginSession(
  db: Database,
  { id, passwordHash }: { readonly id: number; readonly passwordHash: string },
  nowMs: number,
): Promise<SessionGrant | undefined> {
  return db.transaction(async (tx) => {
    const [person] = await tx
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.id, id), eq(users.passwordHash, passwordHash), eq(users.isActive, true)))
      // Whoever changes that waits until this session is there to be ended, or has changed it already.
      .for('share');
    return person && addSession(tx, id, nowMs);
  });
}

/** Adds a session, in a transaction that holds its person; those of the same person that are over go. */
export async function addSession(tx: Database, userId: number, nowMs: number): Promise<SessionGrant> {
  const sessionId = randomUUID();
  const expiresAt = new Date(nowMs + SESSION_LIFETIME_MS);
  await tx.delete(sessions).where(and(eq(sessions.userId, userId), lt(sessions.expiresAt, new Date(nowMs))));
  await tx.insert(sessions).values({ id: sessionId, userId, createdAt: new Date(nowMs), expiresAt });
  return { sessionId, refreshToken: await addToken(tx, sessionId) };
}

/** Finds a session that is neither revoked nor over, whose person is active. */
export async function findOpenSession(db: Database, sessionId: string, nowMs: number) {
  const [session] = await openSession(db, sessionId, nowMs);
  return session;
}

function openSession(db: Database, sessionId: string, nowMs: number) {
  return db
    .select({
      sessionId: sessions.id,
      userId: users.id,
      role: users.role,
      name: fullName(),
      firstName: users.firstName,
      lastName: users.lastName,
      email: users.email,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.id, sessionId),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, new Date(nowMs)),
        eq(users.isActive, true),
      ),
    );
}

/**
 * Exchanges a refresh token for the next one. `undefined` when it is unknown or its session is over; `reused` when it
 * was used before the grace: whoever holds its successor may be a thief, so the session is revoked.
 */
export async function rotate(
  db: Database,
  refreshToken: string,
  nowMs: number,
): Promise<(OpenSession & SessionGrant) | { reused: string } | undefined> {
  return db.transaction(async (tx) => {
    const hash = hashToken(refreshToken);
    const [token] = await tx.select().from(refreshTokens).where(eq(refreshTokens.hash, hash)).for('update');
    if (!token) return undefined;
    // Held: whatever ends the session has ended it, or waits until the next token is there to be worth nothing.
    const [session] = await openSession(tx, token.sessionId, nowMs).for('no key update', { of: sessions });
    if (!session) return undefined;
    if (token.usedAt && token.usedAt.getTime() + REUSE_GRACE_MS <= nowMs) {
      await revokeSession(tx, session.sessionId, nowMs);
      return { reused: session.sessionId };
    }
    const used = and(eq(refreshTokens.sessionId, session.sessionId), isNotNull(refreshTokens.usedAt));
    await tx.delete(refreshTokens).where(and(used, lt(refreshTokens.usedAt, new Date(nowMs - USED_RETENTION_MS))));
    if (!token.usedAt) {
      await tx
        .update(refreshTokens)
        .set({ usedAt: new Date(nowMs) })
        .where(eq(refreshTokens.hash, hash));
    }
    return { ...session, refreshToken: await addToken(tx, session.sessionId) };
  });
}

/** The session a refresh token belongs to, whatever its state. */
export async function sessionOfToken(db: Database, refreshToken: string): Promise<string | undefined> {
  const [token] = await db
    .select({ sessionId: refreshTokens.sessionId })
    .from(refreshTokens)
    .where(eq(refreshTokens.hash, hashToken(refreshToken)));
  return token?.sessionId;
}

/** Ends a session for good; its tokens die with it. */
export async function revokeSession(db: Database, sessionId: string, nowMs: number): Promise<void> {
  await db
    .update(sessions)
    .set({ revokedAt: new Date(nowMs) })
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)));
}

async function addToken(db: Database, sessionId: string): Promise<string> {
  const refreshToken = randomBytes(32).toString('base64url');
  await db.insert(refreshTokens).values({ hash: hashToken(refreshToken), sessionId });
  return refreshToken;
}

/** The token is 256 random bits: one round of SHA-256 is enough, there is nothing to guess. */
function hashToken(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('base64url');
}
