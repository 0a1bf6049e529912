import { Glow } from '../live/Glow.js';
import classes from './progress.module.css';

/**
 * A share in whole percent as a ring with the figure inside. Drawn here, for Mantine's brings its tooltips along: four
 * kilobytes of the first load for two circles.
 */
export function ProgressRing({ value, label, size = 76 }: { value: number; label: string; size?: number }) {
  const thickness = Math.round(size / 10);
  const circle = { cx: size / 2, cy: size / 2, r: (size - thickness) / 2, fill: 'none', strokeWidth: thickness };
  return (
    <div role="img" aria-label={`${label}: ${value} %`} className={classes.ring} style={{ width: size, height: size }}>
      <svg width={size} height={size} viewBox={`0 0 ${size} ${size}`} aria-hidden="true" focusable="false">
        <circle {...circle} className={classes.rest} />
        {/* Without it at nought, where its round ends would show as a dot. */}
        {value > 0 && (
          <circle {...circle} className={classes.share} pathLength={100} strokeDasharray={`${value} 100`} />
        )}
      </svg>
      <span className={classes.figure} style={{ fontSize: size / 4 }}>
        <Glow value={`${value}%`} />
      </span>
    </div>
  );
}
