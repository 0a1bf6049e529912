import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

/** Nothing is here yet: why, and what will happen. */
export function EmptyState(props: { title: string; children: ReactNode; icon?: ReactNode }) {
  return (
    <div className={classes.empty}>
      {props.icon && <div className={classes.icon}>{props.icon}</div>}
      <p className={classes.title}>{props.title}</p>
      <div className={classes.text}>{props.children}</div>
    </div>
  );
}
