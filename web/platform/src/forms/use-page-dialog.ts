import { useEffect, useRef, useState } from 'react';
import { isFocusLost } from '../app/focus.js';

/**
 * Which dialog of a page is open. It belongs to the page, so that whatever a refresh does to the list below, it stays.
 * Who comes back from one by keyboard and finds its button gone goes on at `place`.
 */
export function usePageDialog<Dialog extends object>() {
  const [dialog, setDialog] = useState<Dialog>();
  const place = useRef<HTMLElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (dialog === undefined && wasOpen.current && isFocusLost(document.body)) {
      place.current?.focus({ preventScroll: true });
    }
    wasOpen.current = dialog !== undefined;
  }, [dialog]);
  return {
    dialog,
    place,
    open: (next: Dialog) => setDialog(next),
    close: () => setDialog(undefined),
  };
}
