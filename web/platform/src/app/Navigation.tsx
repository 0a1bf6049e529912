import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useSession } from '../session/session-context.js';
import { NAVIGATION } from './navigation.js';
import classes from './navigation.module.css';

/** The pages of whoever is logged in. */
export function Navigation() {
  const { role } = useSession().user;
  const place = useCurrentInView();
  return (
    <nav ref={place} className={classes.nav} aria-label="Pages">
      <ul className={classes.list}>
        {NAVIGATION[role].map(({ to, label }) => (
          <li key={to}>
            <Link to={to} className={classes.link} activeOptions={{ exact: to === '/' }}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Where not all links fit, as on a phone, the one of the page that is shown is in the middle after each navigation. */
function useCurrentInView() {
  const place = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  const centred = useRef('');
  useEffect(() => {
    const { current: nav } = place;
    const link = nav?.querySelector('[aria-current="page"]');
    // Once for each page: whoever has scrolled the links since is left alone.
    if (!nav || !link || centred.current === path) return;
    centred.current = path;
    const [around, box] = [nav.getBoundingClientRect(), link.getBoundingClientRect()];
    // Not `scrollIntoView`, which may move the page as well.
    nav.scrollLeft += box.left + box.width / 2 - around.left - around.width / 2;
  });
  return place;
}
