import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import classes from './back-link.module.css';

/** From a child back to all children. */
export function BackLink() {
  return (
    <Link to="/" className={classes.back}>
      <IconArrowLeft size={17} stroke={1.9} aria-hidden="true" />
      Your children
    </Link>
  );
}
