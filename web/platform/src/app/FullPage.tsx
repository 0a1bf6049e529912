import type { ReactNode } from 'react';
import { BrandMark } from './BrandMark.js';
import classes from './full-page.module.css';
import { PageTitle } from './PageTitle.js';

/** A page that says one thing. */
export function FullPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <BrandMark size={40} />
      <PageTitle title={title} className={classes.title} />
      <div className={classes.text}>{children}</div>
    </main>
  );
}
