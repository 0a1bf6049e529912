import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { describeError } from '../api/errors.js';
import { Notice } from '../app/Notice.js';
import './dialog.css';
import classes from './dialog.module.css';
import { useFocusReturn } from './use-focus-return.js';

/** What a {@link ConfirmDialog} takes. */
export interface ConfirmDialogProps {
  title: string;
  confirmLabel: string;
  /** Whether something is lost by it; default true. */
  destroys?: boolean;
  /** Does it; when it rejects, the dialog stays and says why. */
  confirm: () => Promise<unknown>;
  /** Called when the dialog has gone: stop rendering it. */
  onClose: () => void;
  /** What will happen, and to whom. */
  children: ReactNode;
}

/** Asks before something that cannot be undone; open as long as it is rendered. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, confirmLabel, destroys = true, confirm, onClose, children } = props;
  const [opened, setOpened] = useState(true);
  useFocusReturn();
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState('');
  // Not while it is being written: that cannot be called off, and must have somewhere to say that it failed.
  const close = () => {
    if (!isPending) setOpened(false);
  };

  async function run(): Promise<void> {
    setPending(true);
    setProblem('');
    try {
      await confirm();
      setOpened(false);
    } catch (error) {
      setProblem(describeError(error));
    } finally {
      setPending(false);
    }
  }

  return (
    <Modal
      opened={opened}
      onClose={close}
      onExitTransitionEnd={onClose}
      title={title}
      radius="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
      // Not a banner: that is the page's own.
      attributes={{ header: { role: 'presentation' } }}
    >
      <div className={classes.form}>
        {problem !== '' && <Notice>{problem}</Notice>}
        <div className={classes.question}>{children}</div>
        <div className={classes.buttons}>
          {/* The harmless one first: it has the focus. */}
          <Button variant="default" data-autofocus onClick={close}>
            Cancel
          </Button>
          <Button
            {...(destroys && { color: 'red' })}
            aria-disabled={isPending}
            data-disabled={isPending}
            onClick={() => {
              if (!isPending) void run();
            }}
          >
            {confirmLabel}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
