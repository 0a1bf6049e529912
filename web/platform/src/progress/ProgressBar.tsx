import { Glow } from '../live/Glow.js';
import classes from './progress.module.css';

/** As wide as a figure: the text begins at the same place whatever it says, so that not even that moves. */
const FIGURE_SPACE = '\u2007';
const LONGEST = '100%';

/** A share in whole percent as a small bar, with the figure beside it that takes the same place whatever it says. */
export function ProgressBar({ value, label, color }: { value: number; label: string; color?: string }) {
  return (
    <span className={classes.bar}>
      <span
        className={classes.track}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={value}
      >
        <span className={classes.filled} style={{ width: `${value}%`, background: color ?? 'var(--qc-accent)' }} />
      </span>
      <span className={classes.percent} aria-hidden="true">
        <Glow value={`${value}%`.padStart(LONGEST.length, FIGURE_SPACE)} />
      </span>
    </span>
  );
}
