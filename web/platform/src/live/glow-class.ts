import classes from './glow.module.css';

/** The class that lets an element glow once for its `count`-th change; none while nothing changed. */
export function glowClass(count: number): string | undefined {
  if (count === 0) return undefined;
  return count % 2 === 1 ? classes.odd : classes.even;
}
