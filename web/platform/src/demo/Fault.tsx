import type { ReactNode } from 'react';
import classes from './faults.module.css';

/** A button with a line about what it does, or has done. */
export function Fault(props: { button: ReactNode; tone?: 'busy' | 'done' | 'warn'; children: ReactNode }) {
  const { button, tone, children } = props;
  return (
    <div className={classes.fault} data-tone={tone}>
      {button}
      <p className={classes.note} aria-live="polite">
        {children}
      </p>
    </div>
  );
}
