import type { TutorWeeklyReport } from '@querycast/platform-protocol';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { expect, test, vi } from 'vitest';
import { ApiContext } from '../api/api-context.js';
import { ApiUnreachableError } from '../api/errors.js';
import { createPlatformApi, type PlatformApi } from '../api/platform-api.js';
import { page, render, setPage } from '../testing/page.test.support.js';
import { ParentWeeklyReportsPage } from './ParentWeeklyReportsPage.js';

const ANNA = 'Anna Petrova, week of 23 Nov';

setPage();

function report(id: number, name: string, status: 'sent' | 'read' = 'sent'): TutorWeeklyReport {
  return {
    id,
    student: { id: 3, name },
    tutor: { id: 8, name: 'Marina Belova' },
    parent: { id: 1, name: 'Olga Petrova' },
    weekStartDate: '2026-11-23',
    summary: 'A good week.',
    status,
    sentAt: '2026-11-22T10:00:00.000Z',
  };
}

/** A backend in memory; what is marked is read when `until` resolves, and not at all when it rejects. */
function createBackend(first: TutorWeeklyReport[], until = Promise.resolve()) {
  let reports = first;
  const refused: PlatformApi = createPlatformApi(() => Promise.reject(new Error('no request was expected')));
  const tutorWeeklyReports = vi.fn(async () => reports);
  const api: PlatformApi = {
    ...refused,
    tutorWeeklyReports,
    markWeeklyReportRead: async (id) => {
      await until;
      reports = reports.map((each) => (each.id === id ? { ...each, status: 'read' } : each));
      return reports.find((each) => each.id === id) as TutorWeeklyReport;
    },
  };
  return { api, tutorWeeklyReports };
}

async function show(api: PlatformApi, text: string): Promise<void> {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ApiContext.Provider value={api}>
        <ParentWeeklyReportsPage />
      </ApiContext.Provider>
    </QueryClientProvider>,
  );
  await vi.waitFor(() => expect(page.textContent).toContain(text));
}

const markButton = (title: string) =>
  [...document.querySelectorAll('button')].find((each) => each.ariaLabel === `Mark as read: ${title}`);

const statusOf = (title: string) =>
  page.querySelector(`article[aria-label="Report ${title}"] [data-status]`)?.textContent;

/** A promise, and what settles it. */
function gate() {
  let resolve = () => {};
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<void>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve: () => resolve(), reject: (reason: Error) => reject(reason) };
}

/** What the keyboard does to a focused button. */
function press(button: HTMLButtonElement | undefined): void {
  button?.focus();
  flushSync(() => button?.click());
}

test('a parent without reports is told what comes next', async () => {
  await show(createBackend([]).api, 'No weekly reports yet');
  expect(page.textContent).not.toContain('All read');
});

test('a report is read at once, before the server has answered, and then fetched once', async () => {
  const answer = gate();
  const { api, tutorWeeklyReports } = createBackend([report(1, 'Anna Petrova'), report(2, 'Misha')], answer.promise);
  await show(api, '2 unread');
  press(markButton(ANNA));
  await vi.waitFor(() => expect(statusOf(ANNA)).toBe('Read'));
  expect(markButton(ANNA)).toBeUndefined();
  expect(statusOf('Misha, week of 23 Nov')).toBe('Sent');
  answer.resolve();
  await vi.waitFor(() => expect(page.textContent).toContain('1 unread'));
  expect(statusOf(ANNA)).toBe('Read');
  expect(tutorWeeklyReports).toHaveBeenCalledTimes(2);
});

test('what is refused is unread again, and the page says why', async () => {
  const answer = gate();
  await show(createBackend([report(1, 'Anna Petrova')], answer.promise).api, '1 unread');
  press(markButton(ANNA));
  await vi.waitFor(() => expect(statusOf(ANNA)).toBe('Read'));
  answer.reject(new ApiUnreachableError(new TypeError()));
  await vi.waitFor(() => expect(document.body.textContent).toContain(`${ANNA} is still unread`));
  expect(statusOf(ANNA)).toBe('Sent');
  expect(markButton(ANNA)).toBeDefined();
});

test('the keyboard stays at the report whose button has gone', async () => {
  await show(createBackend([report(1, 'Anna Petrova')]).api, '1 unread');
  press(markButton(ANNA));
  await vi.waitFor(() => expect(markButton(ANNA)).toBeUndefined());
  expect(document.activeElement?.getAttribute('aria-label')).toBe(ANNA);
});
