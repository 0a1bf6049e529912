import { MantineProvider, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { createRootRoute, createRouter, RouterContextProvider } from '@tanstack/react-router';
import { act, type ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { render, setPage, stubResizeObserver } from '../testing/page.test.support.js';
import { ConfirmDialog } from './ConfirmDialog.js';
import { FormDialog } from './FormDialog.js';

setPage();

const write = vi.fn<() => Promise<unknown>>();

beforeEach(() => {
  // Fading takes a quarter of a second: a slow machine would be through with it before the second click.
  vi.useFakeTimers();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  stubResizeObserver();
  write.mockReset();
  write.mockResolvedValue(undefined);
});

afterEach(() => {
  // Before the page is taken away, which happens outside of `act`.
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function Form() {
  const form = useForm({ initialValues: { title: '' } });
  return (
    <FormDialog title="New thing" submitLabel="Go on" form={form} submit={write} onClose={() => undefined}>
      <TextInput label="Title" {...form.getInputProps('title')} />
    </FormDialog>
  );
}

function Confirmation() {
  return (
    <ConfirmDialog title="Do it?" confirmLabel="Go on" confirm={write} onClose={() => undefined}>
      It is done.
    </ConfirmDialog>
  );
}

/** Dialogs fade away here as they do in a browser: the buttons are there for a while after they have closed. */
async function show(dialog: ReactNode): Promise<void> {
  const pages = createRouter({ routeTree: createRootRoute() });
  await act(async () =>
    render(
      <MantineProvider>
        <RouterContextProvider router={pages as never}>{dialog}</RouterContextProvider>
      </MantineProvider>,
    ),
  );
  await vi.waitFor(() => button('Go on'));
}

function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name);
  if (!found) throw new Error(`there is no button “${name}”`);
  return found;
}

const DIALOGS = [
  ['a form', <Form key="form" />],
  ['a question', <Confirmation key="question" />],
] as const;

test.each(DIALOGS)('two clicks in the same moment send %s once', async (_name, dialog) => {
  await show(dialog);
  await act(async () => {
    button('Go on').click();
    button('Go on').click();
  });
  expect(write).toHaveBeenCalledOnce();
});

test.each(DIALOGS)('%s that was sent is not sent again while it fades away', async (_name, dialog) => {
  await show(dialog);
  await act(async () => button('Go on').click());
  await act(async () => button('Go on').click());
  expect(write).toHaveBeenCalledOnce();
});

test.each(DIALOGS)('%s that was cancelled is not sent while it fades away', async (_name, dialog) => {
  await show(dialog);
  await act(async () => button('Cancel').click());
  await act(async () => button('Go on').click());
  expect(write).not.toHaveBeenCalled();
});

test.each(DIALOGS)('%s that was refused can be sent again', async (_name, dialog) => {
  write.mockRejectedValueOnce(new Error('no'));
  await show(dialog);
  await act(async () => button('Go on').click());
  await act(async () => button('Go on').click());
  expect(write).toHaveBeenCalledTimes(2);
});
