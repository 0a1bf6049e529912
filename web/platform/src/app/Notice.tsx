import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ActionButton } from '../notices/ActionButton.js';
import classes from './notice.module.css';

/** Something went wrong and what can be done; never instead of data that is already shown. */
export function Notice(props: { children: ReactNode; action?: { label: string; run: () => void; busy?: boolean } }) {
  const { children, action } = props;
  return (
    <div className={classes.notice} role="alert">
      <IconAlertTriangle className={classes.icon} size={19} stroke={1.8} aria-hidden="true" />
      <div className={classes.text}>{children}</div>
      {action && (
        <ActionButton variant="default" size="xs" pending={action.busy ?? false} onClick={action.run}>
          {action.label}
        </ActionButton>
      )}
    </div>
  );
}
