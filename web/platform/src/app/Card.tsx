import type { ReactNode } from 'react';
import classes from './card.module.css';

/** A surface for one thing or one list, with its heading. */
export function Card(props: { title?: ReactNode; tools?: ReactNode; children: ReactNode; label?: string }) {
  const { title, tools, children, label } = props;
  return (
    <section className={classes.card} aria-label={label ?? (typeof title === 'string' ? title : undefined)}>
      {(title || tools) && (
        <header className={classes.head}>
          {title && <h2 className={classes.title}>{title}</h2>}
          {tools}
        </header>
      )}
      {children}
    </section>
  );
}
