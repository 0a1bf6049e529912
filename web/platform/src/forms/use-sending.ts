import { type FormEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { fieldNamesOf, refusalOf } from './field-errors.js';
import { focusField } from './focus-field.js';
import type { Form } from './form.js';

/**
 * Sends a form, never twice at once, and says what is wrong with it: beside the fields, the first of which gets the focus,
 * or above them.
 */
export function useSending<Values extends Record<string, unknown>>(
  form: Form<Values>,
  submit: (values: Values) => Promise<unknown>,
) {
  const [isPending, setPending] = useState(false);
  // Known before the next render, unlike the state: two clicks may come before that.
  const isSending = useRef(false);
  const [message, setMessage] = useState('');
  const [refused, setRefused] = useState<{ readonly field: string }>();
  // Mantine gives another function at every render, while a refusal takes the focus once.
  const focus = useEffectEvent((field: string) => focusField(form.getInputNode(field)));
  // Not before the error stands beside the field: only then it is read out with it.
  useEffect(() => {
    if (refused) focus(refused.field);
  }, [refused]);

  function refuse(errors: Readonly<Record<string, unknown>>): void {
    const [field] = Object.keys(errors);
    if (field !== undefined) setRefused({ field });
  }

  async function send(values: Values): Promise<void> {
    isSending.current = true;
    setPending(true);
    setMessage('');
    try {
      await submit(values);
    } catch (error) {
      const refusal = refusalOf(error, fieldNamesOf(form.getValues()));
      form.setErrors(refusal.fields);
      refuse(refusal.fields);
      setMessage(refusal.message || CHECK_FIELDS);
    } finally {
      isSending.current = false;
      setPending(false);
    }
  }

  const sendValid = form.onSubmit((values) => void send(values), refuse);
  return {
    isPending,
    message,
    onSubmit(event: FormEvent<HTMLFormElement>) {
      event.preventDefault();
      if (!isSending.current) sendValid(event);
    },
  };
}

/** Heard at once, wherever the focus goes; what is wrong stands beside the fields. */
const CHECK_FIELDS = 'It was not saved. Check the marked fields.';
