import { type ClaimedRow, compareIds } from './claim.js';

/** Rows that leave together. */
export interface Announced {
  /** In their order. */
  readonly ids: readonly string[];
  /** Whether any is late. */
  readonly late: boolean;
  /** Age of the oldest one when they were claimed, in milliseconds. */
  readonly ageMs: number;
  /** Each id with the lives that acknowledged it before, and what tells this time from others, as JSON in UTF-8. */
  readonly lives: Buffer;
}

/** What a signal answered for at once. */
interface Source {
  readonly rows: readonly ClaimedRow[];
}

/**
 * Answers what sets of `all` announce, the same object for the same set: thousands of rooms may hear of the same thousands
 * of rows, and what grows with the product of both would take seconds and hundreds of megabytes.
 */
export function createAnnouncements<S extends Source>(all: readonly S[]): (sources: ReadonlySet<S>) => Announced {
  const numbers = new Map(all.map((source, index) => [source, index]));
  const known = new Map<string, Announced>();
  return (sources) => {
    const name = [...sources].map((source) => numbers.get(source)).join();
    const announced = known.get(name) ?? announce([...sources].flatMap(({ rows }) => rows));
    known.set(name, announced);
    return announced;
  };
}

function announce(rows: readonly ClaimedRow[]): Announced {
  const sorted = [...rows].sort((a, b) => compareIds(a.change.id, b.change.id));
  return {
    ids: sorted.map(({ change }) => change.id),
    late: sorted.some(({ late }) => late),
    ageMs: sorted.reduce((oldest, { ageMs }) => Math.max(oldest, ageMs), 0),
    lives: Buffer.from(JSON.stringify(sorted.map(({ change, incarnations }) => [change.id, ...incarnations]))),
  };
}
