import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import { ActionButton } from '../notices/ActionButton.js';
import classes from './notice.module.css';
import { useFocusAfter } from './use-focus-after.js';

interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
  readonly busy?: boolean;
}

/**
 * Something went wrong and what can be done; never instead of data that is already shown. When its button goes while
 * somebody is on it, the keyboard goes on at the heading of the page, or in the open dialog.
 */
export function Notice({ children, action }: { children: ReactNode; action?: NoticeAction }) {
  return (
    <div className={classes.notice} role="alert">
      <IconAlertTriangle className={classes.icon} size={19} stroke={1.8} aria-hidden="true" />
      <div className={classes.text}>{children}</div>
      {action && <NoticeButton action={action} />}
    </div>
  );
}

function NoticeButton({ action: { label, run, busy = false } }: { action: NoticeAction }) {
  const button = useRef<HTMLButtonElement>(null);
  useFocusAfter(button);
  return (
    <ActionButton ref={button} variant="default" size="xs" pending={busy} onClick={run}>
      {label}
    </ActionButton>
  );
}
