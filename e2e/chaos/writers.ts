import { EventEmitter, once } from 'node:events';
import { Pool } from 'pg';

/** Changes that go on whatever breaks. */
export interface Writers {
  /** Resolves after this many further attempts, whatever became of them. */
  attempts(count: number): Promise<void>;
  /** Stops; resolves when nothing is under way any more. */
  pause(): Promise<void>;
  resume(): void;
  /** Changes that were committed, as far as the database said so. */
  committed(): number;
  /** Changes that failed, or of which nobody said what became of them. */
  failed(): number;
  close(): Promise<void>;
}

/** Settings of {@link startWriters}. */
export interface WriterOptions {
  readonly databaseUrl: string;
  readonly students: readonly number[];
  readonly perSecond: number;
  /** Called when a change to a student was committed. */
  readonly committed: (studentId: number) => void;
}

/** At most so many changes under way: while the database is away they must not pile up. */
const IN_FLIGHT = 4;

/** Gives one student after the other another goal, at a steady rate, until told to stop. */
export function startWriters({ databaseUrl, students, perSecond, committed }: WriterOptions): Writers {
  const pool = new Pool({ connectionString: databaseUrl, max: IN_FLIGHT, application_name: 'chaos' });
  // The server is restarted under them: the next change gets a new connection.
  pool.on('error', () => {});
  const events = new EventEmitter();
  let attempted = 0;
  let done = 0;
  let failed = 0;
  let inFlight = 0;
  let timer: NodeJS.Timeout | undefined;

  async function change(): Promise<void> {
    attempted += 1;
    events.emit('attempt');
    if (inFlight >= IN_FLIGHT) return;
    inFlight += 1;
    const student = students[attempted % students.length] ?? 0;
    try {
      await pool.query('UPDATE student_profiles SET goal = $1 WHERE user_id = $2', [`goal ${attempted}`, student]);
      done += 1;
      committed(student);
    } catch {
      failed += 1;
      // That is what the faults are for. Whether it was committed after all, the database tells at the end.
    } finally {
      inFlight -= 1;
      events.emit('settled');
    }
  }

  const resume = () => {
    timer ??= setInterval(() => void change(), 1_000 / perSecond);
  };
  const pause = async () => {
    clearInterval(timer);
    timer = undefined;
    while (inFlight > 0) await once(events, 'settled');
  };
  return {
    async attempts(count) {
      const until = attempted + count;
      while (attempted < until) await once(events, 'attempt');
    },
    pause,
    resume,
    committed: () => done,
    failed: () => failed,
    async close() {
      await pause();
      await pool.end();
    },
  };
}
