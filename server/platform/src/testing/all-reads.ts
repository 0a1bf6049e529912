import type { Room } from '@querycast/protocol';
import { liveReads } from '../dashboards/live-reads.js';
import { DEMO_ROOMS, type DemoRoom, type Everybody } from './everybody.js';

const STUDENT_IDS = [3, 4, 5];

/** What every read of every demo person answers, by room and key. */
export type AllReads = ReadonlyMap<DemoRoom, ReadonlyMap<string, string>>;

/** Reads everything that the demo people may read, over the API. */
export async function readAll({ ask }: Everybody): Promise<AllReads> {
  const ofRoom = DEMO_ROOMS.map(async (room) => {
    const reads = liveReads
      .filter(({ role }) => role === roleOf(room))
      .flatMap(({ endpoint, isAboutStudent, key }) =>
        (isAboutStudent ? STUDENT_IDS : [0]).map(async (studentId) => {
          const { status, body } = await ask(room, withId(endpoint, studentId));
          return [JSON.stringify(key(studentId)), `${status} ${JSON.stringify(body)}`] as const;
        }),
      );
    return [room, new Map(await Promise.all(reads))] as const;
  });
  return new Map(await Promise.all(ofRoom));
}

/** The keys of the reads that differ, for each room that has any. */
export function changedReads(before: AllReads, after: AllReads): Partial<Record<DemoRoom, string[]>> {
  const changed: Partial<Record<DemoRoom, string[]>> = {};
  for (const [room, reads] of after) {
    const keys = [...reads.keys()].filter((key) => reads.get(key) !== before.get(room)?.get(key));
    if (keys.length > 0) changed[room] = keys.sort();
  }
  return changed;
}

function roleOf(room: Room): string {
  return room.slice(0, room.indexOf(':'));
}

function withId(endpoint: string, studentId: number): `${string} /${string}` {
  return endpoint.replace(/:\w+/, String(studentId)) as `${string} /${string}`;
}
