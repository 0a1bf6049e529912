import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiRequestError } from '../api/errors.js';
import { page, render, setPage } from '../testing/page.test.support.js';
import { useSending } from './use-sending.js';

setPage();

let sent: string[];
let answer: () => Promise<unknown>;
let answers: Promise<unknown>[];

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  sent = [];
  answers = [];
  answer = async () => undefined;
});

// Before the page is taken away, which happens outside of `act`.
afterEach(() => void vi.unstubAllGlobals());

function Names() {
  const form = useForm({ initialValues: { first: '', last: '' } });
  const { onSubmit } = useSending(form, ({ first }) => {
    sent.push(first);
    const answered = answer();
    answers.push(answered);
    return answered;
  });
  return (
    <form onSubmit={onSubmit}>
      <TextInput name="first" {...form.getInputProps('first')} />
      <TextInput name="last" {...form.getInputProps('last')} />
    </form>
  );
}

function field(name: string): HTMLInputElement {
  const found = page.querySelector<HTMLInputElement>(`input[name="${name}"]`);
  if (!found) throw new Error(`there is no field “${name}”`);
  return found;
}

async function type(name: string, text: string): Promise<void> {
  act(() => field(name).focus());
  for (let length = 1; length <= text.length; length += 1) {
    await act(async () => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(
        field(name),
        text.slice(0, length),
      );
      field(name).dispatchEvent(new Event('input', { bubbles: true }));
    });
  }
}

/** Presses Enter so many times before anything comes of it. */
async function submit(times = 1): Promise<Event[]> {
  const events = Array.from({ length: times }, () => new Event('submit', { bubbles: true, cancelable: true }));
  await act(async () => {
    for (const event of events) page.querySelector('form')?.dispatchEvent(event);
    await Promise.allSettled(answers);
  });
  return events;
}

test('a refusal takes the focus to its field once: who goes on elsewhere is left there', async () => {
  answer = () => Promise.reject(new ApiRequestError(400, 'invalid', 'Check the fields.', { first: 'is taken' }));
  await act(async () => render(<Names />));
  await type('last', 'Petrova');
  await submit();
  expect(document.activeElement).toBe(field('first'));

  await type('last', 'Sokolova');
  expect(document.activeElement).toBe(field('last'));
  expect(field('last').value).toBe('Sokolova');

  // The same field, refused again, has it again.
  await submit();
  expect(document.activeElement).toBe(field('first'));
});

test('a form that is being sent is not sent again, not even in the same moment; afterwards it may be', async () => {
  await act(async () => render(<Names />));
  await type('first', 'Olga');
  const events = await submit(2);
  expect(sent).toEqual(['Olga']);
  // The browser would send it by itself, and leave the page.
  expect(events.map(({ defaultPrevented }) => defaultPrevented)).toEqual([true, true]);

  await type('first', 'Olya');
  await submit();
  expect(sent).toEqual(['Olga', 'Olya']);
});
