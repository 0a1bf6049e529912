import type { MouseEvent } from 'react';
import classes from './skip-link.module.css';

/** The id of what {@link SkipLink} leads to: the page's main part, which must be able to take the focus. */
export const CONTENT_ID = 'content';

/** The first stop of the keyboard on a page: past everything that is the same on all of them. */
export function SkipLink() {
  return (
    <a className={classes.link} href={`#${CONTENT_ID}`} onClick={skip}>
      Skip to content
    </a>
  );
}

/** Without an address of its own, to which “back” would lead. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById(CONTENT_ID)?.focus();
}
