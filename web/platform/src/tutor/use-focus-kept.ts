import { type RefObject, useEffect } from 'react';
import { isFocusLost } from '../app/focus.js';

/** Lets the keyboard go on at `place` when a dialog closes whose button is gone by then: a report that was sent has none. */
export function useFocusKept(isDialogOpen: boolean, place: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (!isDialogOpen) return;
    // Runs after the dialog itself has given the focus back, where it can.
    return () => {
      if (isFocusLost(document.body)) place.current?.focus({ preventScroll: true });
    };
  }, [isDialogOpen, place]);
}
