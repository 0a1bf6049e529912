import type { ReactNode } from 'react';
import { PageTitle } from './PageTitle.js';
import classes from './page-head.module.css';

/** A page's title, in the document's title as well, and what belongs next to it. */
export function PageHead(props: { title: string; above?: ReactNode; intro?: ReactNode; children?: ReactNode }) {
  const { title, above, intro, children } = props;
  return (
    <div className={classes.head}>
      <div className={classes.words}>
        {above}
        <PageTitle title={title} className={classes.title} />
        {intro && <p className={classes.intro}>{intro}</p>}
      </div>
      {children}
    </div>
  );
}
