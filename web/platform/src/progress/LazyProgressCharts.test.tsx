import { MantineProvider } from '@mantine/core';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, test, vi } from 'vitest';
import { LazyProgressCharts } from './LazyProgressCharts.js';

const code = vi.hoisted(() => ({ isMissing: true, asked: 0 }));

vi.mock('./ProgressCharts.js', () => ({
  get ProgressCharts() {
    code.asked += 1;
    if (code.isMissing) throw new Error('the chunk is missing');
    return () => <p>Charts</p>;
  },
}));

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

test('charts whose code could not be loaded say so, and can be tried again without losing the focus', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  const page = document.body.appendChild(document.createElement('main'));
  const root = createRoot(page);
  await act(async () =>
    root.render(
      <MantineProvider env="test">
        <h1 tabIndex={-1}>Progress</h1>
        <LazyProgressCharts progress={{} as never} />
      </MantineProvider>,
    ),
  );
  const button = () => page.querySelector('button');
  await vi.waitFor(() => expect(page.textContent).toContain('could not be loaded'));
  button()?.focus();
  const before = code.asked;
  await act(async () => button()?.click());
  expect(code.asked).toBeGreaterThan(before);
  expect(document.activeElement).toBe(button());

  code.isMissing = false;
  await act(async () => button()?.click());
  expect(page.textContent).toContain('Charts');
  expect(page.textContent).not.toContain('could not');
  expect(document.activeElement?.tagName).toBe('H1');
  act(() => root.unmount());
});
