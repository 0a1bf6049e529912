import { MantineProvider } from '@mantine/core';
import { notifyManager, onlineManager, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useFocusReturn } from '../forms/use-focus-return.js';
import { QueryState } from './QueryState.js';

let root: Root;
let page: HTMLElement;
let client: QueryClient;
let answers: { give: (text: string) => void; refuse: () => void }[];

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  answers = [];
  notifyManager.setScheduler(queueMicrotask);
  page = document.body.appendChild(document.createElement('main'));
  root = createRoot(page);
});

afterEach(() => {
  act(() => root.unmount());
  onlineManager.setOnline(true);
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

function Page() {
  const query = useQuery({
    queryKey: ['words'],
    queryFn: () =>
      new Promise<string>((give, refuse) => {
        answers.push({ give, refuse: () => refuse(new Error('no')) });
      }),
  });
  return (
    <>
      <h1 tabIndex={-1}>Words</h1>
      <QueryState query={query} skeleton={<p>Skeleton</p>}>
        {(words) => <p>{words}</p>}
      </QueryState>
    </>
  );
}

function Dialog() {
  useFocusReturn();
  return <Page />;
}

async function show(shown = <Page />): Promise<void> {
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () =>
    root.render(
      <MantineProvider env="test">
        <QueryClientProvider client={client}>{shown}</QueryClientProvider>
      </MantineProvider>,
    ),
  );
}

const settle = (run: () => void) => act(async () => run());
const button = () => page.querySelector('button');

test('a first load that failed stays a failure while it is tried again, and its button keeps the focus', async () => {
  await show();
  await settle(() => answers[0]?.refuse());
  expect(page.textContent).toContain('Something went wrong');
  button()?.focus();

  await settle(() => button()?.click());
  expect(page.textContent).toContain('Trying again');
  expect(page.textContent).not.toContain('Skeleton');
  expect(document.activeElement).toBe(button());
  expect(button()?.disabled).toBe(false);
  await settle(() => button()?.click());
  expect(answers).toHaveLength(2);

  await settle(() => answers[1]?.refuse());
  expect(document.activeElement).toBe(button());
  expect(page.textContent).toContain('Something went wrong');
});

test('when trying again has worked, the keyboard goes on at the heading', async () => {
  await show();
  await settle(() => answers[0]?.refuse());
  button()?.focus();
  await settle(() => button()?.click());
  await settle(() => answers[1]?.give('Here they are'));
  expect(page.textContent).toContain('Here they are');
  expect(document.activeElement?.tagName).toBe('H1');
});

test('a first load without a network says so, and loads by itself once there is one', async () => {
  onlineManager.setOnline(false);
  await show();
  expect(page.querySelector('[role="alert"]')?.textContent).toContain('You are offline');
  expect(button()).toBeNull();
  await settle(() => onlineManager.setOnline(true));
  expect(page.textContent).not.toContain('offline');
  await settle(() => answers[0]?.give('Here they are'));
  expect(page.textContent).toContain('Here they are');
});

test('with a dialog open the keyboard goes on in there, not on the page below', async () => {
  await show();
  await settle(() => answers[0]?.refuse());
  button()?.focus();
  const dialog = page.appendChild(document.createElement('section'));
  dialog.setAttribute('role', 'dialog');
  dialog.tabIndex = -1;
  await settle(() => button()?.click());
  await settle(() => answers[1]?.give('Here they are'));
  expect(document.activeElement).toBe(dialog);
});

test('a notice that goes by itself takes no focus from who was not in it', async () => {
  await show();
  await settle(() => answers[0]?.refuse());
  expect(document.activeElement).toBe(document.body);
  // Somebody else asks for it again: the window has come back, or the server tells of news.
  await settle(() => void client.refetchQueries());
  await settle(() => answers[1]?.give('Here they are'));
  expect(page.textContent).toContain('Here they are');
  expect(document.activeElement).toBe(document.body);
});

test('when the button goes while its notice stays, the keyboard goes on at the heading', async () => {
  await show();
  await settle(() => answers[0]?.refuse());
  button()?.focus();
  onlineManager.setOnline(false);
  await settle(() => button()?.click());
  expect(page.querySelector('[role="alert"]')?.textContent).toContain('You are offline');
  expect(document.activeElement?.tagName).toBe('H1');
});

test('in a dialog that is closed, the notice leaves the focus to what opened the dialog', async () => {
  const opener = document.body.appendChild(document.createElement('button'));
  opener.focus();
  await show(<Dialog />);
  await settle(() => answers[0]?.refuse());
  button()?.focus();
  await show(<h1 tabIndex={-1}>Words</h1>);
  expect(document.activeElement).toBe(opener);
});
