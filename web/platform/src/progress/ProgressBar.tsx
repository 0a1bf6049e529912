import { Progress } from '@mantine/core';
import { Glow } from '../live/Glow.js';
import './progress.css';
import classes from './progress.module.css';

/** A share in whole percent as a small bar, with the figure beside it that takes the same place whatever it says. */
export function ProgressBar({ value, label, color }: { value: number; label: string; color?: string }) {
  return (
    <span className={classes.bar}>
      <Progress.Root size={7} radius="xl" className={classes.track}>
        <Progress.Section value={value} color={color ?? 'var(--qc-accent)'} aria-label={label} />
      </Progress.Root>
      <span className={classes.percent} aria-hidden="true">
        <Glow value={`${value}%`} />
      </span>
    </span>
  );
}
