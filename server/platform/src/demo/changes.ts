import { setImmediate } from 'node:timers/promises';
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { materialAssignments, materialProgress, materials, studentProfiles, users } from '../db/schema.js';
import { conflict } from '../http/errors.js';

/** How many changes one run makes. */
export const CHANGES = 500;

/** How many are made before those who count are told. */
const PER_REPORT = 100;

/** Longest wait for a row that somebody else has locked, in milliseconds: the page says then what came of it. */
const LOCK_TIMEOUT_MS = 1_000;

/** The demo's parent whose dashboard they change. */
const PARENT_EMAIL = 'parent@demo.test';

/** Settings of {@link createChanges}. */
export interface ChangesOptions {
  readonly db: Database;
  /** Tells those who are told by hand that something of a parent's was committed, and waits for nothing. */
  readonly tell: (parentId: number | undefined) => void;
}

/** Makes many changes of one parent's dashboard. */
export interface Changes {
  /** Whether a run is under way. */
  isRunning(): boolean;
  /** Makes them; calls back now and then with how many are made. Throws a 409 while another run is under way, or when there is nothing to change. */
  run(onDone: (done: number) => void): Promise<void>;
}

/**
 * Creates the runs of one node, of which there is one at a time. Each change is a commit, captured
 * like any other, by triggers and outbox, and told to the comparison by hand, as in a view that most teams write.
 */
export function createChanges({ db, tell }: ChangesOptions): Changes {
  let isRunning = false;

  async function runAll(onDone: (done: number) => void): Promise<void> {
    const parentId = await findParent(db);
    const targets = parentId === undefined ? [] : await findTargets(db, parentId);
    if (targets.length === 0) throw conflict('Olga Petrova has no children now whom anything could happen to.');
    for (let done = 0; done < CHANGES; done += PER_REPORT) {
      try {
        await db.execute(manyChanges(targets, done));
      } catch (error) {
        // Those before the one that failed are committed all the same.
        tell(parentId);
        throw error;
      }
      for (let told = 0; told < PER_REPORT; told += 1) tell(parentId);
      onDone(done + PER_REPORT);
      // An embedded database answers without letting anybody else have a turn.
      await setImmediate();
    }
  }

  return {
    isRunning: () => isRunning,
    async run(onDone) {
      if (isRunning) throw conflict('The changes of another visitor are being made: wait a moment.');
      isRunning = true;
      try {
        await runAll(onDone);
      } finally {
        isRunning = false;
      }
    },
  };
}

/** A statement in PL/pgSQL that changes one row to what the change of number `change`, from 1, leaves in it. */
type Target = string;

/**
 * One statement that commits change after change: faster than anybody can watch, as when an import runs elsewhere. Each
 * transaction limits its own waits: what is set for one ends with its commit, and what is set for good would stay with
 * the pool's connection.
 */
function manyChanges(targets: readonly Target[], from: number): SQL {
  const cases = targets.map((target, index) => `IF change % ${targets.length} = ${index} THEN ${target}; END IF;`);
  return sql.raw(`DO $demo$
BEGIN
  FOR change IN ${from + 1}..${from + PER_REPORT} LOOP
    PERFORM set_config('lock_timeout', '${LOCK_TIMEOUT_MS}', true);
    ${cases.join('\n    ')}
    COMMIT;
  END LOOP;
END
$demo$`);
}

async function findParent(db: Database): Promise<number | undefined> {
  const [parent] = await db.select({ id: users.id }).from(users).where(eq(users.email, PARENT_EMAIL));
  return parent?.id;
}

/** Every child's goal, and its progress in every material that it has begun and that is shown. */
async function findTargets(db: Database, parentId: number): Promise<Target[]> {
  const children = await db
    .select({ id: studentProfiles.userId })
    .from(studentProfiles)
    .where(eq(studentProfiles.parentId, parentId));
  if (children.length === 0) return [];
  const ids = children.map(({ id }) => id);
  const begun = await db
    .select({ studentId: materialProgress.studentId, materialId: materialProgress.materialId })
    .from(materialProgress)
    .innerJoin(materials, and(eq(materials.id, materialProgress.materialId), eq(materials.status, 'active')))
    .innerJoin(
      materialAssignments,
      and(
        eq(materialAssignments.materialId, materialProgress.materialId),
        eq(materialAssignments.studentId, materialProgress.studentId),
      ),
    )
    .where(inArray(materialProgress.studentId, ids));
  return [...ids.map(goalOf), ...begun.map(progressOf)];
}

// Ids of the database itself, which are numbers: nothing here needs to be escaped, and `DO` takes no parameters.
function goalOf(studentId: number): Target {
  return `UPDATE student_profiles SET goal = format('Solve %s of ${CHANGES} problems', change) WHERE user_id = ${studentId}`;
}

/** With a minute of work, as a student would report it. Short of 100 %: what is completed once stays so. */
function progressOf({ studentId, materialId }: { studentId: number; materialId: number }): Target {
  return `UPDATE material_progress
      SET progress_percentage = 1 + change % 98, time_spent_minutes = time_spent_minutes + 1
      WHERE student_id = ${studentId} AND material_id = ${materialId}`;
}
