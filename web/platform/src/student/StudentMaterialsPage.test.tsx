import type { StudentMaterial, SubjectMaterials } from '@querycast/platform-protocol';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRouter, RouterContextProvider } from '@tanstack/react-router';
import { beforeEach, expect, test, vi } from 'vitest';
import { ApiContext } from '../api/api-context.js';
import { createPlatformApi } from '../api/platform-api.js';
import { render, setPage } from '../testing/page.test.support.js';
import { StudentMaterialsPage } from './StudentMaterialsPage.js';

const FRACTIONS: StudentMaterial = {
  id: 4,
  title: 'Fractions',
  type: 'lesson',
  author: { id: 7, name: 'Elena Orlova' },
  progressPercentage: 20,
  timeSpentMinutes: 10,
  isCompleted: false,
};
const DONE: StudentMaterial = { ...FRACTIONS, progressPercentage: 100, isCompleted: true };

setPage();

let client: QueryClient;
let materials: StudentMaterial[];

beforeEach(() => {
  client = new QueryClient();
  materials = [FRACTIONS];
});

/** Shows the page; what is reported as done is. */
async function show(): Promise<void> {
  const subject = { subjectId: 1, name: 'Mathematics', color: '#14666f', teachers: [] };
  const refused = createPlatformApi(() => Promise.reject(new Error('no request was expected')));
  const api = {
    ...refused,
    studentMaterials: async (): Promise<SubjectMaterials[]> => [{ ...subject, materials }],
    reportProgress: async () => {
      materials = [DONE];
      return undefined as never;
    },
  };
  const pages = createRouter({ routeTree: createRootRoute() });
  render(
    <QueryClientProvider client={client}>
      <ApiContext.Provider value={api}>
        <RouterContextProvider router={pages as never}>
          <StudentMaterialsPage />
        </RouterContextProvider>
      </ApiContext.Provider>
    </QueryClientProvider>,
  );
  await button('Mark as done: Fractions');
}

const button = (name: string) =>
  vi.waitFor(() => {
    const found = [...document.querySelectorAll('button')].find(
      (candidate) => (candidate.getAttribute('aria-label') ?? candidate.textContent) === name,
    );
    if (!found) throw new Error(`there is no button “${name}”`);
    return found;
  });

/** What the keyboard does to a button. */
async function press(name: string): Promise<void> {
  const found = await button(name);
  found.focus();
  found.click();
}

const dialogGone = () => vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).toBeNull());
const focused = () => document.activeElement?.getAttribute('aria-label');

test('who marks a material as done by keyboard goes on beside it', async () => {
  await show();
  await press('Mark as done: Fractions');
  await press('Mark as done');
  await dialogGone();
  await vi.waitFor(() => expect(focused()).toBe('Report progress of Fractions'));
});

test('who does not mark it as done after all is left alone when somebody else’s report comes', async () => {
  await show();
  await press('Mark as done: Fractions');
  await press('Cancel');
  await dialogGone();
  await vi.waitFor(() => expect(focused()).toBe('Mark as done: Fractions'));
  (document.activeElement as HTMLElement).blur();
  materials = [DONE];
  await client.invalidateQueries();
  await vi.waitFor(() => expect(document.body.textContent).not.toContain('Mark as done'));
  expect(document.activeElement).toBe(document.body);
});

test('when a material has gone once its dialog is closed, the keyboard goes on at the materials', async () => {
  await show();
  await press('Report progress of Fractions');
  await button('Close');
  materials = [];
  await client.invalidateQueries();
  await vi.waitFor(() => expect(document.body.textContent).toContain('No materials yet'));
  await press('Close');
  await dialogGone();
  await vi.waitFor(() => expect(focused()).toBe('Materials'));
});
