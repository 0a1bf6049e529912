import { Button } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { Notice } from '../app/Notice.js';
import { Dialog } from './Dialog.js';
import { DiscardDialog } from './DiscardDialog.js';
import classes from './dialog.module.css';
import type { Form } from './form.js';
import { useLeaving } from './use-leaving.js';
import { useOpened } from './use-opened.js';
import { useSending } from './use-sending.js';

/** What a {@link FormDialog} takes. */
export interface FormDialogProps<Values extends Record<string, unknown>> {
  title: string;
  /** Absent while there is nothing to send: then the dialog can be closed, and that is all. */
  submitLabel: string | undefined;
  form: Form<Values>;
  /** Writes; when it rejects, the dialog stays and says why, beside the fields that the error names. */
  submit: (values: Values) => Promise<unknown>;
  /** Called when the dialog has gone: stop rendering it. */
  onClose: () => void;
  /** The fields. */
  children: ReactNode;
}

/**
 * A form over the page, open as long as it is rendered. What was typed survives whatever happens to the page below and a
 * refused request; who closes it or leaves the page is asked first.
 */
export function FormDialog<Values extends Record<string, unknown>>(props: FormDialogProps<Values>) {
  const { title, submitLabel, form, submit, onClose, children } = props;
  const { opened, isOpen, shut } = useOpened();
  const { isPending, message, onSubmit } = useSending(form, async (values) => {
    await submit(values);
    shut();
  });
  const leaving = useLeaving(opened && form.isDirty());
  // Not while it is being written: that cannot be called off, and must have somewhere to say that it failed.
  const close = () => {
    if (!isPending) leaving.ask(shut);
  };
  return (
    <>
      <Dialog opened={opened} title={title} size="lg" isCovered={leaving.isAsked} onClose={close} onGone={onClose}>
        <form
          noValidate
          aria-label={title}
          className={classes.form}
          onSubmit={(event: FormEvent<HTMLFormElement>) => {
            event.preventDefault();
            if (isOpen()) onSubmit(event);
          }}
        >
          {message !== '' && <Notice>{message}</Notice>}
          {children}
          <FormButtons submitLabel={submitLabel} isPending={isPending} cancel={close} />
        </form>
      </Dialog>
      <DiscardDialog leaving={leaving} />
    </>
  );
}

function FormButtons(props: { submitLabel: string | undefined; isPending: boolean; cancel: () => void }) {
  const { submitLabel, isPending, cancel } = props;
  return (
    <div className={classes.buttons}>
      <Button variant="default" onClick={cancel}>
        {submitLabel === undefined ? 'Close' : 'Cancel'}
      </Button>
      {submitLabel !== undefined && (
        <Button type="submit" aria-disabled={isPending} data-disabled={isPending}>
          {submitLabel}
        </Button>
      )}
    </div>
  );
}
