import { type ReactNode, useId } from 'react';
import classes from './pane.module.css';

/** One pane of the demo: what it is, who it belongs to, and what happens in it. */
export function Pane(props: {
  title: string;
  who: string;
  status?: ReactNode;
  children: ReactNode;
  counters?: ReactNode;
}) {
  const { title, who, status, children, counters } = props;
  const headingId = useId();
  return (
    <section className={classes.pane} aria-labelledby={headingId}>
      <header className={classes.head}>
        <div className={classes.words}>
          <h2 id={headingId} className={classes.title}>
            {title}
          </h2>
          <p className={classes.who}>{who}</p>
        </div>
        {status}
      </header>
      {counters}
      <div className={classes.body}>{children}</div>
    </section>
  );
}
