import type { ReactNode } from 'react';
import { Brand } from './Brand.js';
import { SchemeToggle } from './SchemeToggle.js';
import classes from './top-bar.module.css';

/** The bar above every page: the brand, what the page puts there, and the colour scheme. */
export function TopBar({ children }: { children?: ReactNode }) {
  return (
    <header className={classes.bar}>
      <div className={classes.inner}>
        <Brand />
        <div className={classes.tools}>
          {children}
          <SchemeToggle />
        </div>
      </div>
    </header>
  );
}
