import type { ParentDashboard } from '@querycast/platform-protocol';
import { Glow } from '../live/Glow.js';
import classes from './statistics.module.css';

/** The dashboard's figures. */
export function Statistics({ statistics }: { statistics: ParentDashboard['statistics'] }) {
  const figures = [
    { label: statistics.children === 1 ? 'child' : 'children', value: statistics.children },
    { label: statistics.subjects === 1 ? 'subject' : 'subjects', value: statistics.subjects },
  ];
  return (
    <ul className={classes.figures} aria-label="Statistics">
      {figures.map(({ label, value }) => (
        <li key={label.slice(0, 5)} className={classes.figure}>
          <span className={classes.value}>
            <Glow value={value} />
          </span>{' '}
          {label}
        </li>
      ))}
    </ul>
  );
}
