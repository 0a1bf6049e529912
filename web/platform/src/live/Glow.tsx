import { glowClass } from './glow-class.js';
import classes from './glow-value.module.css';
import { useChangeMarks } from './use-change-marks.js';

/** A value that glows once whenever it changes, in place and without moving anything. */
export function Glow({ value }: { value: string | number }) {
  const changes = useChangeMarks([['value', String(value)]]);
  return <span className={[classes.value, glowClass(changes('value'))].filter(Boolean).join(' ')}>{value}</span>;
}
