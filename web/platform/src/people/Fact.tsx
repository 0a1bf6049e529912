import type { ReactNode } from 'react';
import classes from './fact.module.css';

/** One thing that is known of a person, within a list of them. */
export function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className={classes.term}>{term}</dt>
      <dd className={classes.value}>{children}</dd>
    </div>
  );
}
