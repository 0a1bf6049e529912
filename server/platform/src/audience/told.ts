import { type PlatformKey, personRoom } from '@querycast/platform-protocol';
import type { Push, SqlPool, Stale } from '@querycast/server/postgres';
import { z } from 'zod';
import { type LiveRole, readOfRoot } from '../dashboards/live-reads.js';

/** A key; or the first element alone, which covers every student that a read can be about. */
export type StaleKey = PlatformKey | readonly [PlatformKey[0]];

/** What went stale for one person. */
export interface Told {
  readonly role: LiveRole;
  readonly userId: number;
  readonly keys: readonly StaleKey[];
}

/** Somebody who is told; nobody when there is no such person. */
export function tell(role: LiveRole, userId: number | null | undefined, ...keys: readonly StaleKey[]): Told[] {
  return userId === null || userId === undefined || keys.length === 0 ? [] : [{ role, userId, keys }];
}

/**
 * Evicts what the told keys are cached as, and pushes them to those whose account is active in that role now: no other
 * room is granted to anybody. Whoever becomes active again is told everything then. What `quietly` names is evicted and
 * not pushed.
 */
export async function staleFor(pool: SqlPool, told: readonly Told[], quietly: readonly Told[] = []): Promise<Stale> {
  const evict = [...told, ...quietly].flatMap(({ role, userId, keys }) =>
    keys.map(([root]) => readOfRoot(role, root).entry(userId, 0).owner),
  );
  const push = new Map<string, { room: Push['room']; keys: StaleKey[] }>();
  const granted = await grantedRooms(pool, [...new Set(told.map(({ userId }) => userId))]);
  for (const { role, userId, keys } of told) {
    const room = personRoom(role, userId);
    if (!granted.has(room)) continue;
    const entry = push.get(room) ?? { room, keys: [] };
    entry.keys.push(...keys);
    push.set(room, entry);
  }
  return {
    evict: [...new Set(evict)],
    push: [...push.values()].map(({ room, keys }) => ({ room, keys: condensed(keys) })),
  };
}

/** More students than anybody has pages open about, and few enough for one frame whatever else is in it. */
const MAX_STUDENTS_NAMED = 16;

/** Of a read about so many students that naming them would take frames of its own, the first element of its key. */
function condensed(keys: readonly StaleKey[]): StaleKey[] {
  const students = new Map<StaleKey[0], Set<unknown>>();
  for (const [root, student] of keys) {
    if (student !== undefined) students.set(root, (students.get(root) ?? new Set()).add(student));
  }
  const isMany = (root: StaleKey[0]) => (students.get(root)?.size ?? 0) > MAX_STUDENTS_NAMED;
  return [
    ...keys.filter(([root]) => !isMany(root)),
    ...[...students.keys()].filter(isMany).map((root): StaleKey => [root]),
  ];
}

const userRows = z.array(z.object({ id: z.int(), role: z.enum(['parent', 'student', 'teacher', 'tutor', 'admin']) }));

async function grantedRooms(pool: SqlPool, userIds: readonly number[]): Promise<ReadonlySet<string>> {
  if (userIds.length === 0) return new Set();
  const { rows } = await pool.query(
    `SELECT id, role FROM users
      WHERE is_active AND id = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::int))`,
    [JSON.stringify(userIds)],
  );
  return new Set(userRows.parse(rows).map(({ id, role }) => personRoom(role, id)));
}
