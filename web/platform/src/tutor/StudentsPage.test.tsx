import type { LoginResponse, Subject } from '@querycast/platform-protocol';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRouter, RouterContextProvider } from '@tanstack/react-router';
import { expect, test, vi } from 'vitest';
import { ApiContext } from '../api/api-context.js';
import { createPlatformApi, type PlatformApi } from '../api/platform-api.js';
import { createAccess } from '../session/access.js';
import { SessionContext } from '../session/session-context.js';
import { render, setPage } from '../testing/page.test.support.js';
import { student } from './examples.test.support.js';
import { StudentsPage } from './StudentsPage.js';

const ELENA = { id: 7, name: 'Elena Orlova' };
const MARINA: LoginResponse = {
  token: 'token',
  expiresAt: new Date(9e12).toISOString(),
  user: { id: 5, name: 'Marina Belova', role: 'tutor' },
};

const subject = (id: number, name: string): Subject => ({
  id,
  name,
  color: '#14666f',
  description: '',
  teachers: [ELENA],
});
const SUBJECTS = [subject(1, 'Mathematics'), subject(2, 'Physics')];

setPage();

let client: QueryClient;

/** A backend in memory: Lev, who has Mathematics. Changes take effect when `until` resolves. */
function createBackend(until = Promise.resolve()): PlatformApi {
  let lev = student({
    id: 3,
    name: 'Lev Sokolov',
    subjects: [{ enrollmentId: 11, subjectId: 1, name: 'Mathematics', color: '#14666f', teacher: ELENA }],
  });
  const refused: PlatformApi = createPlatformApi(() => Promise.reject(new Error('no request was expected')));
  return {
    ...refused,
    tutorStudents: async () => [lev],
    subjects: async () => SUBJECTS,
    assignSubject: async (_studentId, { subjectId }) => {
      await until;
      const { name, color } = SUBJECTS.find((candidate) => candidate.id === subjectId) ?? subject(subjectId, '?');
      const added = { enrollmentId: 20 + subjectId, subjectId, name, color, teacher: ELENA };
      lev = { ...lev, subjects: [...lev.subjects, added] };
      return { ...added, studentId: lev.id, enrolledAt: '2026-09-01T10:00:00Z' } as never;
    },
    unassignSubject: async (_studentId, enrollmentId) => {
      await until;
      lev = { ...lev, subjects: lev.subjects.filter((held) => held.enrollmentId !== enrollmentId) };
    },
  };
}

/** Shows the page for one login; another call is the next one. */
async function logIn(api: PlatformApi): Promise<void> {
  client = new QueryClient();
  const pages = createRouter({ routeTree: createRootRoute() });
  const access = createAccess({
    granted: MARINA,
    requestGrant: async () => MARINA,
    send: () => Promise.reject(new Error('no request was expected')),
    onEnd: () => undefined,
  });
  const session = {
    id: crypto.randomUUID(),
    user: MARINA.user,
    access,
    resources: { queryClient: client, api, close: () => undefined },
  };
  render(
    <SessionContext.Provider key={session.id} value={session}>
      <QueryClientProvider client={client}>
        <ApiContext.Provider value={api}>
          <RouterContextProvider router={pages as never}>
            <StudentsPage />
          </RouterContextProvider>
        </ApiContext.Provider>
      </QueryClientProvider>
    </SessionContext.Provider>,
  );
  await shown('Lev Sokolov');
}

const shown = (text: string) =>
  vi.waitFor(() => {
    expect(document.body.textContent).toContain(text);
  });

function button(name: string | RegExp): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find((candidate) => {
    const label = candidate.getAttribute('aria-label') ?? candidate.textContent ?? '';
    return typeof name === 'string' ? label === name : name.test(label);
  });
  if (!found) throw new Error(`no button ${name}`);
  return found;
}

/** A promise, and what resolves it. */
function gate(): [until: Promise<void>, open: () => void] {
  let open = () => {};
  const until = new Promise<void>((resolve) => {
    open = resolve;
  });
  return [until, () => open()];
}

/** What the keyboard does to a focused button. */
function press(target: HTMLButtonElement): void {
  target.focus();
  target.click();
}

test('nothing of what was told to one login is shown to the next one', async () => {
  await logIn(createBackend());
  press(button(/^Unassign Mathematics/));
  await shown('was taken away');
  await logIn(createBackend());
  expect(document.body.textContent).not.toContain('was taken away');
});

test('the keyboard goes on at the undo of what it has taken away, and then at the list', async () => {
  const [until, answer] = gate();
  await logIn(createBackend(until));
  const remove = button(/^Unassign Mathematics/);
  press(remove);
  await vi.waitFor(() => expect(remove.getAttribute('aria-disabled')).toBe('true'));
  expect(remove.disabled).toBe(false);
  answer();
  await shown('was taken away');
  await vi.waitFor(() => expect(document.activeElement).toBe(button('Undo')));
  press(button('Undo'));
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Subjects of Lev Sokolov');
  await vi.waitFor(() => button(/^Unassign Mathematics/));
});

test('whoever has gone on elsewhere meanwhile is left there', async () => {
  await logIn(createBackend());
  // The choice takes the focus only once there is something to choose.
  await shown('Physics');
  const [subjectSelect] = document.querySelectorAll('select');
  await vi.waitFor(() => expect(subjectSelect?.disabled).toBe(false));
  press(button(/^Unassign Mathematics/));
  subjectSelect?.focus();
  expect(document.activeElement).toBe(subjectSelect);
  await shown('was taken away');
  expect(document.activeElement).toBe(subjectSelect);
});

test('after assigning, the keyboard goes on at the choice of the next subject', async () => {
  const [until, answer] = gate();
  await logIn(createBackend(until));
  const [subjectSelect] = document.querySelectorAll('select');
  if (!subjectSelect) throw new Error('no select');
  await shown('Physics');
  subjectSelect.value = '2';
  subjectSelect.dispatchEvent(new Event('change', { bubbles: true }));
  await vi.waitFor(() => expect(button('Assign').disabled).toBe(false));
  press(button('Assign'));
  await vi.waitFor(() => expect(button('Assign').getAttribute('aria-disabled')).toBe('true'));
  // Disabled while it has the focus, it would lose it.
  expect(button('Assign').disabled).toBe(false);
  answer();
  await vi.waitFor(() => button(/^Unassign Physics/));
  await vi.waitFor(() => expect(document.activeElement).toBe(subjectSelect));
  expect(subjectSelect.disabled).toBe(false);
});

test('when a student has gone once their dialog is closed, the keyboard goes on at the list', async () => {
  let students = [student({ id: 3, name: 'Lev Sokolov' })];
  await logIn({ ...createBackend(), tutorStudents: async () => students });
  const opener = button(/^Edit Lev/);
  press(opener);
  await vi.waitFor(() => button('Close'));
  students = [];
  await client.invalidateQueries();
  await shown('No students yet');
  press(button('Close'));
  await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).toBeNull());
  await vi.waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('Students'));
});
