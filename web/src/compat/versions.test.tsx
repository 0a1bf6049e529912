import { QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { expectPeers } from './peer-versions.test.support.js';

it('these tests run on the versions that they are for', expectPeers);

it('what they render with has no React of its own', () => {
  const client = new QueryClient();
  const { result } = renderHook(useQueryClient, {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  expect(result.current).toBe(client);
});
