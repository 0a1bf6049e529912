import { useEffect, useRef } from 'react';
import { isFocusLost, topDialog } from '../app/focus.js';

/**
 * Gives the keyboard's focus back to whatever had it when the component came, once it has gone, unless it is somewhere
 * by then. A modal that is open from its first render does not do that by itself.
 */
export function useFocusReturn(): void {
  const opener = useRef(document.activeElement);
  useEffect(
    () => () => {
      const { current } = opener;
      if (!isFocusLost(document.body)) return;
      if (current instanceof HTMLElement && current.isConnected) current.focus({ preventScroll: true });
      // A click beside a dialog takes the focus out of it: back into that one.
      if (isFocusLost(document.body)) topDialog()?.focus({ preventScroll: true });
    },
    [],
  );
}
