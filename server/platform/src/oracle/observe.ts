import { canonicalForm, type QueryKey } from '@querycast/protocol';
import { and, eq } from 'drizzle-orm';
import type { DashboardCacheManager } from '../cache/dashboard-cache-manager.js';
import { type LiveRole, liveReads } from '../dashboards/live-reads.js';
import type { Database } from '../db/database.js';
import { studentProfiles, subjectEnrollments, users } from '../db/schema.js';
import { atOneMoment } from './at-one-moment.js';

/** What one person gets from one read at one moment. */
export interface Observed {
  readonly room: string;
  readonly key: QueryKey;
  /** The answer as JSON; or why there is none. */
  readonly outcome: string;
  /** What the cache answers, when that is something else. */
  readonly cached?: string;
}

/** Everything everybody gets, by room and key. */
export interface Observation {
  readonly reads: ReadonlyMap<string, Observed>;
  /** The rooms that somebody may be in: of active accounts. */
  readonly granted: ReadonlySet<string>;
}

/** The account is deactivated: every read is refused. */
export const INACTIVE = 'inactive';
/** The student is no child or student of the viewer's. */
const NOT_FOUND = 'not found';

/**
 * How many reads are evaluated at a time: about as many as the pool has connections. All at once, the last of them would wait
 * for one for longer than anybody may on a slow machine.
 */
const READS_AT_ONCE = 10;

/** What is known of the time before, so that the cache need not be asked where nothing can have happened to it. */
export interface Since {
  readonly before: Observation;
  readonly evicted: ReadonlySet<string>;
}

/**
 * Evaluates every read of every user once, straight from the database, and compares it with what the cache has. Rights
 * are worked out here anew, not by the code under test. With `since` the cache is asked only about answers that changed
 * and entries that were evicted: of all others it has what it had.
 */
export async function observe(db: Database, cache: DashboardCacheManager, since?: Since): Promise<Observation> {
  const [people, profiles, lessons] = await Promise.all([
    db.select({ id: users.id, role: users.role, isActive: users.isActive }).from(users),
    db.select({ studentId: studentProfiles.userId, parentId: studentProfiles.parentId }).from(studentProfiles),
    db
      .select({ studentId: subjectEnrollments.studentId, teacherId: subjectEnrollments.teacherId })
      .from(subjectEnrollments)
      .where(and(eq(subjectEnrollments.isActive, true))),
  ]);
  const studentIds = people.filter(({ role }) => role === 'student').map(({ id }) => id);
  const mayRead = (role: LiveRole, viewerId: number, studentId: number) =>
    role === 'parent'
      ? profiles.some((profile) => profile.parentId === viewerId && profile.studentId === studentId)
      : lessons.some((lesson) => lesson.teacherId === viewerId && lesson.studentId === studentId);

  const moment = atOneMoment(db);
  const observing: (() => Promise<Observed>)[] = [];
  for (const { id, role, isActive } of people) {
    for (const read of liveReads) {
      if (read.role !== role) continue;
      for (const studentId of read.isAboutStudent ? studentIds : [0]) {
        const place = { room: `${role}:${id}`, key: read.key(studentId) };
        if (!isActive) observing.push(async () => ({ ...place, outcome: INACTIVE }));
        else if (read.isAboutStudent && !mayRead(read.role, id, studentId)) {
          observing.push(async () => ({ ...place, outcome: NOT_FOUND }));
        } else {
          observing.push(async () => {
            const fresh = await read.compute(moment, id, studentId);
            const outcome = JSON.stringify(fresh);
            const entry = read.entry(id, studentId);
            const isAsBefore = since?.before.reads.get(nameOf(place))?.outcome === outcome;
            if (isAsBefore && !since?.evicted.has(entry.owner)) return { ...place, outcome };
            const cached = String(await cache.getOrComputeJson(entry, async () => fresh));
            return { ...place, outcome, ...(cached !== outcome && { cached }) };
          });
        }
      }
    }
  }
  const reads = await someAtATime(observing);
  return {
    reads: new Map(reads.map((read) => [nameOf(read), read])),
    granted: new Set(people.filter(({ isActive }) => isActive).map(({ id, role }) => `${role}:${id}`)),
  };
}

/** What all of them answer, in their order. */
async function someAtATime<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const answers: T[] = [];
  const waiting = tasks.entries();
  const work = async () => {
    for (const [index, task] of waiting) answers[index] = await task();
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, work));
  return answers;
}

function nameOf({ room, key }: Pick<Observed, 'room' | 'key'>): string {
  return `${room} ${canonicalForm(key)}`;
}
