import type { ReactNode } from 'react';
import { Monogram } from '../app/Monogram.js';
import classes from './person-head.module.css';

/** The head of a card about a person: who it is, the facts below, and what belongs beside. */
export function PersonHead(props: {
  name: string;
  /** The name as a heading, of the level that the page needs there. */
  heading: ReactNode;
  facts: ReactNode;
  children?: ReactNode;
}) {
  const { name, heading, facts, children } = props;
  return (
    <header className={classes.head}>
      <Monogram name={name} />
      <div className={classes.who}>
        {heading}
        <p className={classes.facts}>{facts}</p>
      </div>
      {children}
    </header>
  );
}
