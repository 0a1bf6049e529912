import type { ReactNode } from 'react';
import { BrandMark } from './BrandMark.js';
import classes from './full-page.module.css';

/** A page that says one thing. */
export function FullPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <title>{`${title} · Querycast`}</title>
      <BrandMark size={40} />
      <h1 className={classes.title}>{title}</h1>
      <div className={classes.text}>{children}</div>
    </main>
  );
}
