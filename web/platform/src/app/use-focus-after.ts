import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { focusPlaceIfLost } from './focus.js';

/**
 * Lets the keyboard go on when the component goes whose element had the focus, for example a button whose trying again
 * has worked. Who was elsewhere, or nowhere, is left there.
 */
export function useFocusAfter(element: RefObject<HTMLElement | null>): void {
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    const { current } = element;
    hadFocus.current = false;
    return () => {
      // The last moment at which the element has it.
      hadFocus.current = current !== null && current === document.activeElement;
    };
  }, [element]);
  useEffect(
    () => () => {
      // By now a dialog that has gone as well has given the focus back.
      if (hadFocus.current) focusPlaceIfLost();
    },
    [],
  );
}
