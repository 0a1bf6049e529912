import type { ReactNode } from 'react';
import { LiveIndicator } from '../live/LiveIndicator.js';
import { Navigation } from './Navigation.js';
import classes from './page-frame.module.css';
import { CONTENT_ID } from './SkipLink.js';
import { TopBar } from './TopBar.js';
import { UserMenu } from './UserMenu.js';

/** What every page of a logged-in person shares. */
export function PageFrame({ children }: { children: ReactNode }) {
  return (
    <>
      <TopBar navigation={<Navigation />}>
        <LiveIndicator />
        <UserMenu />
      </TopBar>
      <main id={CONTENT_ID} tabIndex={-1} className={classes.main}>
        {children}
      </main>
    </>
  );
}
