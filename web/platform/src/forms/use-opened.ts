import { useRef, useState } from 'react';

/**
 * Whether a dialog that was rendered is still open. While it fades away its buttons are there to be pressed: `isOpen`
 * knows by then, also before the next render does.
 */
export function useOpened() {
  const [opened, setOpened] = useState(true);
  const isOpen = useRef(true);
  return {
    opened,
    isOpen: () => isOpen.current,
    shut() {
      isOpen.current = false;
      setOpened(false);
    },
  };
}
