import { Button } from '@mantine/core';
import type { NotificationData } from '@mantine/notifications';
import classes from './undo.module.css';

/** A notification that offers to undo what it tells. */
export function undoNotification(props: {
  id: string;
  /** What was done. */
  message: string;
  undo: () => void;
  /** Whether the keyboard goes on at the undo. */
  isNext: boolean;
  /** Called when the notification goes while the keyboard is in it. */
  onFocusLost: () => void;
}): NotificationData {
  const { id, message, undo, isNext, onFocusLost } = props;
  return {
    id,
    'data-undo': id,
    autoClose: 10_000,
    withCloseButton: true,
    onClose: () => {
      if (document.activeElement?.closest(`[data-undo="${id}"]`)) onFocusLost();
    },
    message: (
      <span className={classes.undo}>
        <span>{message}</span>
        <Button variant="light" size="xs" ref={isNext ? focus : undefined} onClick={undo}>
          Undo
        </Button>
      </span>
    ),
  };
}

/** One function for all renders: it runs when the element comes, not again and again. */
function focus(element: HTMLElement | null): void {
  element?.focus();
}
