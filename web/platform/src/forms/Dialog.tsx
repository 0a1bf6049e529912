import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import './dialog.css';
import classes from './dialog.module.css';
import { useFocusReturn } from './use-focus-return.js';

/** What a {@link Dialog} takes. */
export interface DialogProps {
  opened: boolean;
  title: string;
  size?: 'md' | 'lg';
  /** Whether another dialog over it is the one that Escape closes; default false. */
  isCovered?: boolean;
  /** Called when somebody wants it to close. */
  onClose: () => void;
  /** Called when it has gone. */
  onGone?: () => void;
  children: ReactNode;
}

/** What every dialog shares; the focus goes back to where it was once the dialog has gone. */
export function Dialog(props: DialogProps) {
  const { opened, title, size = 'md', isCovered = false, onClose, onGone, children } = props;
  useFocusReturn();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      {...(onGone && { onExitTransitionEnd: onGone })}
      title={title}
      size={size}
      radius="lg"
      classNames={{ content: classes.surface, header: classes.head, title: classes.title }}
      closeOnEscape={!isCovered}
      closeButtonProps={{ 'aria-label': 'Close' }}
      // Not a banner: that is the page's own.
      attributes={{ header: { role: 'presentation' } }}
    >
      {children}
    </Modal>
  );
}
