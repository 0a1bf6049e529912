import { Button, Modal } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Notice } from '../app/Notice.js';
import './dialog.css';
import classes from './dialog.module.css';
import { fieldNamesOf, refusalOf } from './field-errors.js';
import type { Form } from './form.js';
import { useFocusReturn } from './use-focus-return.js';

/** What a {@link FormDialog} takes. */
export interface FormDialogProps<Values extends Record<string, unknown>> {
  title: string;
  submitLabel: string;
  form: Form<Values>;
  /** Writes; when it rejects, the dialog stays and says why, beside the fields that the error names. */
  submit: (values: Values) => Promise<unknown>;
  /** Called when the dialog has gone: stop rendering it. */
  onClose: () => void;
  /** The fields. */
  children: ReactNode;
}

/**
 * A form over the page, open as long as it is rendered. What was typed survives whatever happens to the page below, a
 * refused request, and a click beside the dialog.
 */
export function FormDialog<Values extends Record<string, unknown>>(props: FormDialogProps<Values>) {
  const { title, submitLabel, form, submit, onClose, children } = props;
  const [opened, setOpened] = useState(true);
  useFocusReturn();
  const [isPending, setPending] = useState(false);
  const [message, setMessage] = useState('');
  // Not while it is being written: that cannot be called off, and must have somewhere to say that it failed.
  const close = () => {
    if (!isPending) setOpened(false);
  };

  async function send(values: Values): Promise<void> {
    setPending(true);
    setMessage('');
    try {
      await submit(values);
      setOpened(false);
    } catch (error) {
      const refusal = refusalOf(error, fieldNamesOf(form.getValues()));
      form.setErrors(refusal.fields);
      form.getInputNode(Object.keys(refusal.fields)[0] ?? '')?.focus();
      setMessage(refusal.message);
    } finally {
      setPending(false);
    }
  }

  const onSubmit = form.onSubmit(
    (values) => void send(values),
    (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
  );
  return (
    <Modal
      opened={opened}
      onClose={close}
      onExitTransitionEnd={onClose}
      title={title}
      size="lg"
      radius="lg"
      // A slip must not cost what was typed.
      closeOnClickOutside={!form.isDirty()}
      closeOnEscape={!form.isDirty()}
      closeButtonProps={{ 'aria-label': 'Close' }}
      // Not a banner: that is the page's own.
      attributes={{ header: { role: 'presentation' } }}
    >
      <form
        noValidate
        aria-label={title}
        className={classes.form}
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault();
          if (!isPending) onSubmit(event);
        }}
      >
        {message !== '' && <Notice>{message}</Notice>}
        {children}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" aria-disabled={isPending} data-disabled={isPending}>
            {submitLabel}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
