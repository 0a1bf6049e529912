import type { Room } from '@querycast/protocol';
import type { Push } from '@querycast/server/postgres';
import { type LiveRead, liveReads } from '../dashboards/live-reads.js';
import type { DashboardEntry } from './dashboard-entries.js';

/** An entry that a push made stale, and how it is computed. */
export interface WarmUp {
  readonly room: Room;
  readonly read: LiveRead;
  readonly viewerId: number;
  /** 0 where the read is about no single student. */
  readonly studentId: number;
  readonly entry: DashboardEntry;
}

const ROOM = /^([a-z]+):([0-9]+)$/;

/**
 * The entries that pushes name, each once. A key without the student that its read is about covers every student: which
 * of them somebody looks at is not known, and most would be computed for nobody.
 */
export function warmUpsOf(pushes: readonly Push[]): readonly WarmUp[] {
  const warmUps = new Map<string, WarmUp>();
  for (const { room, keys } of pushes) {
    const [, role, id] = ROOM.exec(room) ?? [];
    for (const [root, ...rest] of keys) {
      const read = liveReads.find((each) => each.role === role && each.root === root);
      const studentId = read?.isAboutStudent ? rest[0] : 0;
      if (!read || !isId(studentId) || rest.length !== (read.isAboutStudent ? 1 : 0)) continue;
      const viewerId = Number(id);
      const entry = read.entry(viewerId, studentId);
      warmUps.set(entry.key, { room, read, viewerId, studentId, entry });
    }
  }
  return [...warmUps.values()];
}

function isId(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}
