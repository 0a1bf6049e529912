import { useEffect, useState } from 'react';
import { fieldNamesOf, refusalOf } from './field-errors.js';
import { focusField } from './focus-field.js';
import type { Form } from './form.js';

/** Sends a form, and says what is wrong with it: beside the fields, the first of which gets the focus, or above them. */
export function useSending<Values extends Record<string, unknown>>(
  form: Form<Values>,
  submit: (values: Values) => Promise<unknown>,
) {
  const { getInputNode } = form;
  const [isPending, setPending] = useState(false);
  const [message, setMessage] = useState('');
  const [refused, setRefused] = useState<{ readonly field: string }>();
  // Not before the error stands beside the field: only then it is read out with it.
  useEffect(() => {
    if (refused) focusField(getInputNode(refused.field));
  }, [refused, getInputNode]);

  function refuse(errors: Readonly<Record<string, unknown>>): void {
    const [field] = Object.keys(errors);
    if (field !== undefined) setRefused({ field });
  }

  async function send(values: Values): Promise<void> {
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
      setPending(false);
    }
  }

  return {
    isPending,
    message,
    onSubmit: form.onSubmit((values) => void send(values), refuse),
  };
}

/** Heard at once, wherever the focus goes; what is wrong stands beside the fields. */
const CHECK_FIELDS = 'It was not saved. Check the marked fields.';
