import { type RefObject, useEffect } from 'react';
import { isFocusLost } from './focus.js';

/** The address whose heading was there last; none yet in a document that has just been loaded. */
let shownPath: string | undefined;

/**
 * Gives the keyboard's focus to the heading of a page that was come to within the document, so that a screen reader says
 * where it is and Tab goes on there. A page may have its heading late: whoever has gone on elsewhere by then stays there.
 */
export function usePageFocus(heading: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { pathname } = window.location;
    const isArrival = shownPath !== undefined && shownPath !== pathname;
    shownPath = pathname;
    // The router sees to where the page is scrolled.
    if (isArrival && isLeftBehind(pathname)) heading.current?.focus({ preventScroll: true });
  }, [heading]);
}

/** Whether what has the focus only led here. */
function isLeftBehind(pathname: string): boolean {
  if (isFocusLost(document.body)) return true;
  const { activeElement } = document;
  if (activeElement instanceof HTMLAnchorElement) return activeElement.pathname === pathname;
  return activeElement?.matches('[aria-haspopup="menu"], [role^="menu"], [role^="menu"] *') ?? false;
}
