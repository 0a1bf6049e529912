import { type ReactNode, useRef, useState } from 'react';
import { describeError } from '../api/errors.js';
import { Dialog } from './Dialog.js';
import { Question } from './Question.js';
import { useOpened } from './use-opened.js';

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
  const { opened, isPending, problem, close, run } = useConfirmation(confirm);
  return (
    <Dialog opened={opened} title={title} onClose={close} onGone={onClose}>
      <Question
        confirmLabel={confirmLabel}
        cancelLabel="Cancel"
        destroys={destroys}
        isPending={isPending}
        problem={problem}
        confirm={() => void run()}
        cancel={close}
      >
        {children}
      </Question>
    </Dialog>
  );
}

function useConfirmation(confirm: () => Promise<unknown>) {
  const { opened, isOpen, shut } = useOpened();
  const [isPending, setPending] = useState(false);
  // Known before the next render, unlike the state: two clicks may come before that.
  const isRunning = useRef(false);
  const [problem, setProblem] = useState('');
  // Not while it is being written: that cannot be called off, and must have somewhere to say that it failed.
  const close = () => {
    if (!isRunning.current) shut();
  };

  async function run(): Promise<void> {
    if (!isOpen() || isRunning.current) return;
    isRunning.current = true;
    setPending(true);
    setProblem('');
    try {
      await confirm();
      shut();
    } catch (error) {
      setProblem(describeError(error));
    } finally {
      isRunning.current = false;
      setPending(false);
    }
  }

  return { opened, isPending, problem, close, run };
}
