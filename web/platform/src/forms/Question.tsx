import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Notice } from '../app/Notice.js';
import { ActionButton } from '../notices/ActionButton.js';
import classes from './dialog.module.css';

/** A question in a dialog with its two answers; the harmless one comes first and has the focus. */
export function Question(props: {
  confirmLabel: string;
  cancelLabel: string;
  destroys: boolean;
  isPending?: boolean;
  /** Why it could not be done; empty when nothing went wrong. */
  problem?: string;
  confirm: () => void;
  cancel: () => void;
  children: ReactNode;
}) {
  const { confirmLabel, cancelLabel, destroys, isPending = false, problem = '', confirm, cancel, children } = props;
  return (
    <div className={classes.form}>
      {problem !== '' && <Notice>{problem}</Notice>}
      <div className={classes.question}>{children}</div>
      <div className={classes.buttons}>
        <Button variant="default" data-autofocus onClick={cancel}>
          {cancelLabel}
        </Button>
        <ActionButton {...(destroys && { color: 'red' })} pending={isPending} onClick={confirm}>
          {confirmLabel}
        </ActionButton>
      </div>
    </div>
  );
}
