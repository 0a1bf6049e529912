import { and, eq, gt, inArray, lte, or, sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { passwordAttempts } from '../db/schema.js';
import type { Counter, LimitName } from './counters.js';

/** The limit that stands in the way, and for how long, in milliseconds. */
export interface Throttled {
  readonly limit: LimitName;
  readonly waitMs: number;
}

/** Rows whose time is over that go with each attempt: more than an attempt adds, so that they cannot pile up. */
const SWEPT_AT_ONCE = 10;

const { key, failures, endsAt } = passwordAttempts;

/**
 * Counts an attempt as a failure before it is made, in all its counters or, when one of them is full, in none: attempts
 * at the same moment cannot all see room for one, and one that is refused adds nothing to what others wait for. Answers
 * what stands in its way.
 */
export async function begin(db: Database, counters: readonly Counter[], nowMs: number): Promise<Throttled | undefined> {
  // Most refusals end here, without a write: a flood of them costs one read each.
  const full = or(...counters.map((each) => and(eq(key, each.key), sql`${failures} >= ${each.failures}`)));
  const rows = await db
    .select()
    .from(passwordAttempts)
    .where(and(full, gt(endsAt, new Date(nowMs))));
  const known = longest(counters, rows, nowMs);
  if (known) return known;
  try {
    await db.transaction(async (tx) => {
      const counted = await count(tx, counters, nowMs);
      const over = counted.filter(
        (row) => row.failures > (counters.find((each) => each.key === row.key)?.failures ?? 0),
      );
      const found = longest(counters, over, nowMs);
      if (found) throw new RoomlessError(found);
    });
  } catch (error) {
    if (error instanceof RoomlessError) return error.throttled;
    throw error;
  }
  await sweep(db, nowMs);
  return undefined;
}

/**
 * Takes an attempt back that was none, or was right. After a right one the person starts anew where only they count;
 * the others keep what was counted before, which may be somebody else's.
 */
export async function takeBack(db: Database, counters: readonly Counter[], wasRight: boolean): Promise<void> {
  const keys = counters.map((each) => each.key);
  const own = counters.filter(({ limit }) => limit === 'pair' || limit === 'device').map((each) => each.key);
  await db.transaction(async (tx) => {
    // Locked in the order in which attempts count.
    await tx.select({ key }).from(passwordAttempts).where(inArray(key, keys)).orderBy(key).for('update');
    const less = sql`greatest(${failures} - 1, 0)`;
    await tx.update(passwordAttempts).set({ failures: less }).where(inArray(key, keys));
    if (wasRight) await tx.delete(passwordAttempts).where(inArray(key, own));
  });
}

function count(tx: Database, counters: readonly Counter[], nowMs: number) {
  const isOver = lte(endsAt, new Date(nowMs));
  return tx
    .insert(passwordAttempts)
    .values(counters.map((each) => ({ key: each.key, failures: 1, endsAt: new Date(nowMs + each.windowMs) })))
    .onConflictDoUpdate({
      target: key,
      set: {
        failures: sql`CASE WHEN ${isOver} THEN 1 ELSE ${failures} + 1 END`,
        endsAt: sql`CASE WHEN ${isOver} THEN excluded.ends_at ELSE ${endsAt} END`,
      },
    })
    .returning();
}

async function sweep(db: Database, nowMs: number): Promise<void> {
  const over = db
    .select({ key })
    .from(passwordAttempts)
    .where(lte(endsAt, new Date(nowMs)))
    .orderBy(endsAt)
    .limit(SWEPT_AT_ONCE)
    // Whoever counts in one of them right now begins it anew.
    .for('update', { skipLocked: true });
  await db.delete(passwordAttempts).where(inArray(key, over));
}

type Row = typeof passwordAttempts.$inferSelect;

function longest(counters: readonly Counter[], rows: readonly Row[], nowMs: number): Throttled | undefined {
  const found = rows.flatMap((row) => {
    const counter = counters.find((each) => each.key === row.key);
    return counter ? [{ limit: counter.limit, waitMs: row.endsAt.getTime() - nowMs }] : [];
  });
  return found.sort((a, b) => b.waitMs - a.waitMs)[0];
}

/** Takes back what was counted so far. */
class RoomlessError extends Error {
  readonly throttled: Throttled;

  constructor(throttled: Throttled) {
    super('a counter is full');
    this.name = 'RoomlessError';
    this.throttled = throttled;
  }
}
