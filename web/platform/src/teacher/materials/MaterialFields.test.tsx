import { useForm } from '@mantine/form';
import type { MaterialStatus } from '@querycast/platform-protocol';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { ApiContext } from '../../api/api-context.js';
import { createPlatformApi } from '../../api/platform-api.js';
import { SessionContext } from '../../session/session-context.js';
import { page, render, setPage } from '../../testing/page.test.support.js';
import { MaterialFields } from './MaterialFields.js';
import type { MaterialValues } from './material-form.js';
import { nextStatuses } from './material-status.js';

setPage();

function Fields({ status }: { status: MaterialStatus }) {
  const form = useForm<MaterialValues>({ initialValues: { subjectId: '', title: '', type: 'lesson', status } });
  return <MaterialFields form={form} statuses={nextStatuses(status)} />;
}

/** What a screen reader says of the status of a material, beside its name and value. */
function said(status: MaterialStatus): string {
  const api = {
    ...createPlatformApi(() => Promise.reject(new Error('no request was expected'))),
    subjects: async () => [],
  };
  render(
    <SessionContext.Provider value={{ user: { id: 6, name: 'Elena Orlova', role: 'teacher' } } as never}>
      <QueryClientProvider client={new QueryClient()}>
        <ApiContext.Provider value={api}>
          <Fields status={status} />
        </ApiContext.Provider>
      </QueryClientProvider>
    </SessionContext.Provider>,
  );
  const select = page.querySelector<HTMLSelectElement>('select[data-path="status"]');
  if (!select) throw new Error('there is no choice of a status');
  return document.getElementById(select.getAttribute('aria-describedby') ?? '')?.textContent ?? '';
}

test('who chooses the status of a draft is told that there is no way back to it', () => {
  expect(said('draft')).toContain('cannot become a draft again');
});

test('of what is no draft any more that is not said', () => {
  expect(said('active')).toBe('');
});
