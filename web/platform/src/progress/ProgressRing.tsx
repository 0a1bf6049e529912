import { RingProgress } from '@mantine/core';
import { Glow } from '../live/Glow.js';
import './progress.css';
import classes from './progress.module.css';

/** A share in whole percent as a ring with the figure inside. */
export function ProgressRing({ value, label, size = 76 }: { value: number; label: string; size?: number }) {
  return (
    <div role="img" aria-label={`${label}: ${value} %`} className={classes.ring}>
      <RingProgress
        size={size}
        thickness={Math.round(size / 10)}
        roundCaps
        rootColor="var(--qc-sunken)"
        sections={[{ value, color: 'var(--qc-accent)' }]}
        label={
          <span className={classes.figure} style={{ fontSize: size / 4.2 }}>
            <Glow value={`${value}%`} />
          </span>
        }
      />
    </div>
  );
}
