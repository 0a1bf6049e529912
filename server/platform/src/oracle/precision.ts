import { judged, type Pushed, type Step } from './judge.js';

/** How many pushes there were, and of how many a read really changed. */
export interface Precision {
  readonly pushes: number;
  readonly useful: number;
}

/** Precision of all pushes together, under `all`, and by role and root of the key. */
export function precisionOf(steps: readonly Step[]): ReadonlyMap<string, Precision> {
  return countBy(steps, ({ room, key }) => ['all', `${room.slice(0, room.indexOf(':'))} ${key[0]}`]);
}

/** Precision by row of the signal table. */
export function precisionOfSources(steps: readonly Step[]): ReadonlyMap<string, Precision> {
  return countBy(steps, ({ source }) => [source]);
}

function countBy(steps: readonly Step[], namesOf: (push: Pushed) => string[]): ReadonlyMap<string, Precision> {
  const counts = new Map<string, { pushes: number; useful: number }>();
  for (const push of steps.flatMap(judged)) {
    for (const name of namesOf(push)) {
      const count = counts.get(name) ?? { pushes: 0, useful: 0 };
      count.pushes += 1;
      if (push.useful) count.useful += 1;
      counts.set(name, count);
    }
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same as lines of a table. */
export function precisionLines(precision: ReadonlyMap<string, Precision>): string[] {
  return [...precision].map(
    ([name, { pushes, useful }]) =>
      `${name.padEnd(32)} ${String(pushes).padStart(6)} pushed ${((100 * useful) / pushes).toFixed(1).padStart(6)} % changed`,
  );
}
