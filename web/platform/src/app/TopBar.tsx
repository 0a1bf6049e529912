import type { ReactNode } from 'react';
import { Brand } from './Brand.js';
import { SchemeToggle } from './SchemeToggle.js';
import { SkipLink } from './SkipLink.js';
import classes from './top-bar.module.css';

/** The bar above every page: the brand, the pages there are, what the page puts there, and the colour scheme. */
export function TopBar({ navigation, children }: { navigation?: ReactNode; children?: ReactNode }) {
  return (
    <header className={classes.bar}>
      <SkipLink />
      <div className={classes.inner}>
        <Brand />
        {navigation && <div className={classes.navigation}>{navigation}</div>}
        <div className={classes.tools}>
          {children}
          <SchemeToggle />
        </div>
      </div>
    </header>
  );
}
