import { useEffect, useRef } from 'react';
import { focusPlaceIfLost } from './focus.js';

/** Lets the keyboard go on when a notice goes whose button had the focus: what was tried again has worked. */
export function useFocusAfter(isNoticeShown: boolean): void {
  const wasShown = useRef(isNoticeShown);
  useEffect(() => {
    if (wasShown.current && !isNoticeShown) focusPlaceIfLost();
    wasShown.current = isNoticeShown;
  }, [isNoticeShown]);
}
