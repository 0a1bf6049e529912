import { MantineProvider } from '@mantine/core';
import { LiveQueryProvider } from '@querycast/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveIndicator } from './LiveIndicator.js';

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  page = document.body.appendChild(document.createElement('div'));
  root = createRoot(page);
});

afterEach(() => {
  root.unmount();
  page.remove();
  vi.unstubAllGlobals();
});

test('focusing the indicator explains it, leaving it ends the explanation', async () => {
  flushSync(() =>
    root.render(
      <MantineProvider env="test">
        <QueryClientProvider client={new QueryClient()}>
          <LiveQueryProvider getToken={() => 'token'} enabled={false}>
            <LiveIndicator />
          </LiveQueryProvider>
        </QueryClientProvider>
      </MantineProvider>,
    ),
  );
  const explanation = () => document.body.textContent?.includes('The live connection is down');
  expect(explanation()).toBe(false);
  page.querySelector('button')?.focus();
  await vi.waitFor(() => expect(explanation()).toBe(true));
  page.querySelector('button')?.blur();
  await vi.waitFor(() => expect(explanation()).toBe(false));
});
