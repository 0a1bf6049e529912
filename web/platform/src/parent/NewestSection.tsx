import type { ReactNode } from 'react';
import classes from './newest.module.css';

/** A part of a child's card under a heading of its own. */
export function NewestSection(props: { title: string; linked: boolean; children: ReactNode }) {
  const { title, linked, children } = props;
  // Below the child's name, which is one level deeper in a pane.
  const Heading = linked ? 'h3' : 'h4';
  return (
    <div className={classes.section}>
      <Heading className={classes.heading}>{title}</Heading>
      {children}
    </div>
  );
}
