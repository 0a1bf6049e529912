import { MantineProvider } from '@mantine/core';
import type { LoginResponse, Subject, TutorStudent } from '@querycast/platform-protocol';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiContext } from '../api/api-context.js';
import { createPlatformApi, type PlatformApi } from '../api/platform-api.js';
import { createAccess } from '../session/access.js';
import { SessionContext } from '../session/session-context.js';
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

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  const media = { matches: false, addEventListener: () => {}, removeEventListener: () => {} };
  vi.stubGlobal('matchMedia', () => media);
  page = document.body.appendChild(document.createElement('div'));
  root = createRoot(page);
});

afterEach(() => {
  root.unmount();
  page.remove();
  vi.unstubAllGlobals();
});

/** A backend in memory: Lev, who has Mathematics. */
function createBackend() {
  let lev: TutorStudent = {
    id: 3,
    name: 'Lev Sokolov',
    grade: 6,
    goal: '',
    parent: null,
    subjects: [{ enrollmentId: 11, subjectId: 1, name: 'Mathematics', color: '#14666f', teacher: ELENA }],
  };
  const refused: PlatformApi = createPlatformApi(() => Promise.reject(new Error('no request was expected')));
  const api: PlatformApi = {
    ...refused,
    tutorStudents: async () => [lev],
    subjects: async () => SUBJECTS,
    assignSubject: async (_studentId, { subjectId }) => {
      const { name, color } = SUBJECTS.find((candidate) => candidate.id === subjectId) ?? subject(subjectId, '?');
      const added = { enrollmentId: 20 + subjectId, subjectId, name, color, teacher: ELENA };
      lev = { ...lev, subjects: [...lev.subjects, added] };
      return { ...added, studentId: lev.id, enrolledAt: '2026-09-01T10:00:00Z' } as never;
    },
    unassignSubject: async (_studentId, enrollmentId) => {
      lev = { ...lev, subjects: lev.subjects.filter((held) => held.enrollmentId !== enrollmentId) };
    },
  };
  return api;
}

/** Shows the page for one login; another call is the next one. */
async function logIn(api: PlatformApi): Promise<void> {
  const queryClient = new QueryClient();
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
    resources: { queryClient, api, close: () => undefined },
  };
  flushSync(() => root.render(
    <MantineProvider env="test">
      <SessionContext.Provider key={session.id} value={session}>
        <QueryClientProvider client={queryClient}>
          <ApiContext.Provider value={api}>
            <StudentsPage />
          </ApiContext.Provider>
        </QueryClientProvider>
      </SessionContext.Provider>
    </MantineProvider>,
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
