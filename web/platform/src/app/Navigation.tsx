import { Link } from '@tanstack/react-router';
import { useSession } from '../session/session-context.js';
import { NAVIGATION } from './navigation.js';
import classes from './navigation.module.css';

/** The pages of whoever is logged in. */
export function Navigation() {
  const { role } = useSession().user;
  return (
    <nav className={classes.nav} aria-label="Pages">
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
