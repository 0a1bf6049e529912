import { MantineProvider, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import {
  createBrowserHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterContextProvider,
} from '@tanstack/react-router';
import { act, type ReactNode, useState } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiRequestError } from '../api/errors.js';
import { stubResizeObserver } from '../testing/page.test.support.js';
import { FormDialog } from './FormDialog.js';

let root: Root;
let submit: (values: { title: string }) => Promise<unknown>;

let pages: ReturnType<typeof createPages>;

function createPages() {
  const rootRoute = createRootRoute({ component: Outlet });
  const routes = ['/', '/away'].map((path) => createRoute({ getParentRoute: () => rootRoute, path }));
  return createRouter({ routeTree: rootRoute.addChildren(routes), history: createBrowserHistory() });
}

const show = (page: ReactNode) =>
  act(async () =>
    root.render(
      <MantineProvider env="test">
        <RouterContextProvider router={pages as never}>{page}</RouterContextProvider>
      </MantineProvider>,
    ),
  );

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  stubResizeObserver();
  submit = async () => undefined;
  window.history.replaceState(null, '', '/');
  pages = createPages();
  root = createRoot(document.body.appendChild(document.createElement('div')));
  await show(<Page submitLabel="Create" />);
});

afterEach(async () => {
  await act(async () => root.unmount());
  pages.history.destroy();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

function Page({ submitLabel }: { submitLabel: string | undefined }) {
  const [isOpen, setOpen] = useState(true);
  const form = useForm({
    initialValues: { title: '' },
    validate: { title: (text) => (text === '?' ? 'is odd' : null) },
  });
  if (!isOpen) return null;
  return (
    <FormDialog
      title="New thing"
      submitLabel={submitLabel}
      form={form}
      submit={(values) => submit(values)}
      onClose={() => setOpen(false)}
    >
      <TextInput label="Title" {...form.getInputProps('title')} />
    </FormDialog>
  );
}

const input = () => document.querySelector<HTMLInputElement>('input');
const isAsked = () => document.body.textContent?.includes('Discard what you typed?') ?? false;

function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find(
    (candidate) => (candidate.getAttribute('aria-label') ?? candidate.textContent) === name,
  );
  if (!found) throw new Error(`there is no button “${name}”`);
  return found;
}

const click = (name: string) => act(async () => button(name).click());
const press = (key: string) =>
  act(async () => void document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));

async function type(text: string): Promise<void> {
  await act(async () => {
    const field = input();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
    field?.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

const goAway = () => act(async () => void pages.history.push('/away'));

/** Whether the browser would ask before the document goes. */
function isReloadHeld(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
}

test('with nothing to send it can be closed, and that is all', async () => {
  await show(<Page submitLabel={undefined} />);
  expect(document.querySelector('[type="submit"]')).toBeNull();
  const closing = [...document.querySelectorAll('form button')].map(({ textContent }) => textContent);
  expect(closing).toEqual(['Close']);
});

const WAYS = [
  ['the cross', () => click('Close')],
  ['Cancel', () => click('Cancel')],
  ['Escape', () => press('Escape')],
] as const;

test.each(WAYS)('%s closes a form with nothing typed, without a question', async (_name, close) => {
  await close();
  expect(isAsked()).toBe(false);
  expect(input()).toBeNull();
});

test.each(WAYS)('%s asks before it closes a form with something typed', async (_name, close) => {
  await type('Half a');
  await close();
  expect(isAsked()).toBe(true);
  await click('Keep editing');
  expect(isAsked()).toBe(false);
  expect(input()?.value).toBe('Half a');

  await close();
  await click('Discard');
  expect(input()).toBeNull();
  expect(isAsked()).toBe(false);
});

test('the browser asks before a reload once something is typed, and not after it was sent', async () => {
  expect(isReloadHeld()).toBe(false);
  await type('Half a');
  expect(isReloadHeld()).toBe(true);
  await click('Create');
  expect(isReloadHeld()).toBe(false);
});

test('Escape answers the question, not the form below', async () => {
  await type('Half a');
  await press('Escape');
  await press('Escape');
  expect(isAsked()).toBe(false);
  expect(input()?.value).toBe('Half a');
});

test('a form with nothing typed is left without a question', async () => {
  await goAway();
  expect(pages.history.location.pathname).toBe('/away');
  expect(isAsked()).toBe(false);
});

test('another address waits for the answer', async () => {
  await type('Half a');
  await goAway();
  expect(isAsked()).toBe(true);
  expect(pages.history.location.pathname).toBe('/');
  await click('Keep editing');
  expect(pages.history.location.pathname).toBe('/');
  expect(input()?.value).toBe('Half a');

  await goAway();
  await click('Discard');
  expect(pages.history.location.pathname).toBe('/away');
});

test('a form that is sent meanwhile asks no longer, and the other address comes', async () => {
  let saved = () => {};
  submit = () =>
    new Promise<void>((resolve) => {
      saved = resolve;
    });
  await type('A whole one');
  await click('Create');
  await goAway();
  expect(isAsked()).toBe(true);
  await act(async () => saved());
  expect(isAsked()).toBe(false);
  expect(pages.history.location.pathname).toBe('/away');
});

test('a form that was sent asks nothing', async () => {
  await type('A whole one');
  await click('Create');
  expect(input()).toBeNull();
  await goAway();
  expect(pages.history.location.pathname).toBe('/away');
});

test('what the server refuses is beside its field when that gets the focus, and said at once', async () => {
  const described: (string | null | undefined)[] = [];
  submit = () => Promise.reject(new ApiRequestError(400, 'invalid', 'Check the fields.', { title: 'is taken' }));
  await type('Fractions');
  button('Create').focus();
  input()?.addEventListener('focus', ({ currentTarget }) => {
    const id = (currentTarget as HTMLElement).getAttribute('aria-describedby');
    described.push(id && document.getElementById(id)?.textContent);
  });
  await click('Create');
  expect(described).toEqual(['is taken']);
  expect(input()?.getAttribute('aria-invalid')).toBe('true');
  expect(document.querySelector('[role="alert"]')?.textContent).toContain('Check the marked fields');
});

test('what the form itself refuses is beside its field when that gets the focus', async () => {
  await type('?');
  button('Create').focus();
  await click('Create');
  expect(document.activeElement).toBe(input());
  expect(input()?.getAttribute('aria-invalid')).toBe('true');
});
