import type { Database } from '../db/database.js';
import { loadDemoData } from '../db/demo-data.js';
import { openDatabase } from '../db/open-database.js';
import { createSampleRows, type SampleRows } from '../testing/sample-rows.test.support.js';
import { createTestPlace } from '../testing/test-place.js';
import { type LiveRead, type LiveRole, liveReads, readOfRoot } from './live-reads.js';

/** The demo people who stand for their role. */
export const DEMO_VIEWERS: Readonly<Record<LiveRole, number>> = { parent: 1, student: 3, teacher: 6, tutor: 8 };
/** Anna, child of the parent, pupil of the teacher. */
export const ANNA = 3;
/** What Anna learns with the teacher, and what the teacher teaches besides. */
export const MATHEMATICS = 1;
export const PHYSICS = 2;

/** A database with the demo data, and the live reads on it, past cache and rights. */
export interface TestReads {
  readonly db: Database;
  readonly rows: SampleRows;
  /** What a read answers, as it is sent: the answer of a contract, which the caller names. */
  read<Answer>(role: LiveRole, root: LiveRead['root'], viewerId: number, studentId?: number): Promise<Answer>;
  /** All reads of one person, those about a student about this one, as one text to look for words in. */
  everythingOf(role: LiveRole, viewerId: number, studentId: number): Promise<string>;
  /** How many statements a read of one of {@link DEMO_VIEWERS} takes, about Anna. */
  statementsOf(read: LiveRead): Promise<number>;
  close(): Promise<void>;
}

/** Opens a database of its own. */
export async function openTestReads(): Promise<TestReads> {
  const place = await createTestPlace();
  let statements = 0;
  const database = await openDatabase({
    ...place.database,
    onStatement: () => {
      statements += 1;
    },
  });
  const { db } = database;
  await loadDemoData(db);

  async function compute(read: LiveRead, viewerId: number, studentId: number): Promise<unknown> {
    statements = 0;
    return JSON.parse(JSON.stringify(await read.compute(db, viewerId, studentId)));
  }

  return {
    db,
    rows: createSampleRows(db),
    async read<Answer>(role: LiveRole, root: LiveRead['root'], viewerId: number, studentId = 0) {
      return (await compute(readOfRoot(role, root), viewerId, studentId)) as Answer;
    },
    async everythingOf(role, viewerId, studentId) {
      const answers: unknown[] = [];
      for (const read of liveReads) if (read.role === role) answers.push(await compute(read, viewerId, studentId));
      return JSON.stringify(answers);
    },
    async statementsOf(read) {
      await compute(read, DEMO_VIEWERS[read.role], ANNA);
      return statements;
    },
    async close() {
      await database.close();
      await place.remove();
    },
  };
}
