// @vitest-environment node
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { LiveQueryProvider, useLiveInvalidation, useLiveRoom, useLiveStatus } from '../index.js';
import { createManualTransport } from '../testing/manual-transport.js';

const transport = createManualTransport();
const options = { getToken: () => 'token', userId: 1, transport };

function Orders() {
  const { data } = useQuery({ queryKey: ['orders'], queryFn: () => 'never', initialData: 'initial' });
  useLiveRoom('class:1');
  const other = useLiveInvalidation(options);
  return createElement('p', null, `${data} ${useLiveStatus().state} ${useLiveStatus(other).state}`);
}

it('the library is imported and rendered where there is no window, without a warning and without a connection', () => {
  expect(['window', 'document'].filter((name) => name in globalThis)).toEqual([]);
  const complain = vi.spyOn(console, 'error');
  const page = createElement(LiveQueryProvider, options, createElement(Orders));
  const html = renderToString(createElement(QueryClientProvider, { client: new QueryClient() }, page));
  expect(html).toBe('<p>initial connecting connecting</p>');
  expect(transport.connections).toEqual([]);
  expect(complain).not.toHaveBeenCalled();
  complain.mockRestore();
});
