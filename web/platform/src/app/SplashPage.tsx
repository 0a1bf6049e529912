import { BrandMark } from './BrandMark.js';
import classes from './full-page.module.css';

/** While it is not known yet who is logged in. */
export function SplashPage() {
  return (
    <main className={classes.splash} aria-busy="true" aria-label="Loading">
      <BrandMark size={40} />
    </main>
  );
}
