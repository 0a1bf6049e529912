import { Link } from '@tanstack/react-router';
import { BrandMark } from './BrandMark.js';
import classes from './brand.module.css';

/** Mark and name, leading home. */
export function Brand() {
  return (
    <Link to="/" className={classes.brand} aria-label="Querycast, home">
      <BrandMark />
      <span className={classes.name}>Querycast</span>
    </Link>
  );
}
