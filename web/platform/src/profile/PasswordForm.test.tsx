import { MantineProvider } from '@mantine/core';
import type { ChangePassword } from '@querycast/platform-protocol';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiRequestError } from '../api/errors.js';
import { WithNotifications } from '../notices/WithNotifications.js';
import { SessionStoreContext } from '../session/session-context.js';
import { PasswordForm } from './PasswordForm.js';

let root: Root;
let sent: ChangePassword[];
let refusal: ApiRequestError | undefined;

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  sent = [];
  refusal = undefined;
  root = createRoot(document.body.appendChild(document.createElement('div')));
  const store = {
    async changePassword(passwords: ChangePassword) {
      sent.push(passwords);
      if (refusal) throw refusal;
    },
  };
  await act(async () =>
    root.render(
      <MantineProvider env="test">
        <SessionStoreContext.Provider value={store as never}>
          <WithNotifications>
            <PasswordForm email="parent@demo.test" />
          </WithNotifications>
        </SessionStoreContext.Provider>
      </MantineProvider>,
    ),
  );
});

afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

function field(name: 'current-password' | 'new-password'): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>(`input[autocomplete="${name}"]`);
  if (!found) throw new Error(`there is no field “${name}”`);
  return found;
}

/** Types both passwords and sends the form. */
async function change(current: string, next: string): Promise<void> {
  for (const [input, text] of [
    [field('current-password'), current],
    [field('new-password'), next],
  ] as const) {
    await act(async () => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }
  await act(async () => document.querySelector<HTMLButtonElement>('button[type="submit"]')?.click());
}

/** What is said beside a field, as a screen reader finds it. */
function problemOf(input: HTMLInputElement): string {
  const ids = (input.getAttribute('aria-describedby') ?? '').split(' ');
  return ids.map((id) => document.getElementById(id)).find((node) => node?.id.endsWith('-error'))?.textContent ?? '';
}

test('both passwords are sent as they were typed, and nothing of them stays', async () => {
  await change('demo', ' eight or more ');
  expect(sent).toEqual([{ currentPassword: 'demo', newPassword: ' eight or more ' }]);
  expect([field('current-password').value, field('new-password').value]).toEqual(['', '']);
});

test.each([
  { current: 'demo', next: 'seven77', problem: 'must have at least 8 characters' },
  { current: 'demo', next: 'x'.repeat(1_025), problem: 'is too long' },
  { current: 'eight or more', next: 'eight or more', problem: 'must not be the one you have' },
  { current: 'demo', next: 'Parent@Demo.test', problem: 'must not be your e-mail' },
])('$problem: such a new password is not sent', async ({ current, next, problem }) => {
  await change(current, next);
  expect(sent).toEqual([]);
  expect(problemOf(field('new-password'))).toBe(problem);
  expect(document.activeElement).toBe(field('new-password'));
});

test('a current password that is wrong is said beside it, and what was typed stays', async () => {
  refusal = new ApiRequestError(400, 'bad_request', 'Check these fields.', { currentPassword: 'is wrong' });
  await change('guess', 'eight or more');
  expect(problemOf(field('current-password'))).toBe('is wrong');
  expect(document.activeElement).toBe(field('current-password'));
  expect(field('new-password').value).toBe('eight or more');
});

test('too many attempts are said above the fields', async () => {
  refusal = new ApiRequestError(429, 'too_many_attempts', 'Try again in a minute.');
  await change('guess', 'eight or more');
  expect(document.querySelector('[role="alert"]')?.textContent).toContain('Try again in a minute.');
});

test('the form says to password managers whose password it is', () => {
  expect(document.querySelector<HTMLInputElement>('input[autocomplete="username"]')?.value).toBe('parent@demo.test');
});
