import type { Room } from '@querycast/protocol';
import type { Pool } from 'pg';
import type { Bystander } from './audience.js';
import type { HeardFrame } from './sockets.js';

/** One write, from its commit to the frame that tells of it. */
export interface OtherWrite {
  /** By `performance.now()`, when the database had confirmed it. */
  readonly committedAtMs: number;
  /** `undefined`: no frame yet. */
  readonly delayMs: number | undefined;
}

/** A steady stream of writes that have nothing to do with the rename. */
export interface OtherWrites {
  start(): void;
  /** To be told of every frame; those of other rooms are ignored. */
  heard(heard: HeardFrame): void;
  /** Those committed from one moment to another. */
  between(fromMs: number, toMs: number): OtherWrite[];
  /** Stops, once the last one is committed. Rejects when one failed. */
  stop(): Promise<void>;
}

const WRITES_PER_SECOND = 50;
const LOOK_EVERY_MS = 5;

/**
 * Corrects a report of one family after the other in SQL, fifty times a second: each concerns the parent, and a teacher
 * who is not looking. They are sent at their time, however long those before them take.
 */
export function createOtherWrites(pool: Pool, bystanders: readonly Bystander[]): OtherWrites {
  const committed: Write[] = [];
  const untold = new Map<Room, Write[]>();
  const underWay: Promise<void>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let failure: unknown;

  async function write({ room, reportId }: Bystander, number: number): Promise<void> {
    const entry: Write = { committedAtMs: Number.NaN, delayMs: undefined };
    untold.set(room, [...(untold.get(room) ?? []), entry]);
    const correction = [`Correction ${number}`, reportId];
    await pool.query('UPDATE student_reports SET content = $1 WHERE id = $2', correction);
    entry.committedAtMs = performance.now();
    committed.push(entry);
  }

  /** Told at the end. */
  function failed(error: unknown): void {
    failure ??= error;
  }

  return {
    start() {
      const startedAt = performance.now();
      timer = setInterval(() => {
        const due = Math.floor(((performance.now() - startedAt) * WRITES_PER_SECOND) / 1_000);
        for (let number = underWay.length; number < due; number += 1) {
          const bystander = bystanders[number % bystanders.length];
          if (bystander) underWay.push(write(bystander, number).catch(failed));
        }
      }, LOOK_EVERY_MS);
    },
    heard({ person, atMs, invalidations }) {
      for (const entry of untold.get(person.room)?.splice(0, invalidations) ?? []) {
        // The frame may overtake the database's own answer to us.
        entry.delayMs = Number.isNaN(entry.committedAtMs) ? 0 : atMs - entry.committedAtMs;
      }
    },
    between: (fromMs, toMs) => committed.filter((entry) => entry.committedAtMs >= fromMs && entry.committedAtMs < toMs),
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      if (failure !== undefined) throw failure;
    },
  };
}

interface Write {
  committedAtMs: number;
  delayMs: number | undefined;
}
