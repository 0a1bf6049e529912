import { useEffect, useRef } from 'react';
import { isFocusLost } from '../app/focus.js';

/**
 * Gives the keyboard's focus back to whatever had it when the component came, once it has gone, unless it is somewhere
 * by then. A modal that is open from its first render does not do that by itself.
 */
export function useFocusReturn(): void {
  const opener = useRef(document.activeElement);
  useEffect(
    () => () => {
      const { current } = opener;
      if (current instanceof HTMLElement && current.isConnected && isFocusLost(document.body)) {
        current.focus({ preventScroll: true });
      }
    },
    [],
  );
}
