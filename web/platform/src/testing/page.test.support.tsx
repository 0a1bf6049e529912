import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, vi } from 'vitest';

/** Where {@link render} shows things, in the document: another one for each test. */
export let page: HTMLElement;
let root: Root;

/** Stubs what dialogs and popovers ask for, and the tests' browser has not; `vi.unstubAllGlobals` takes it away. */
export function stubResizeObserver(): void {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
}

/** Gives each test of a file a page of its own, and takes it away afterwards. */
export function setPage(): void {
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
}

/** Shows something on the page, in place of what was shown before. */
export function render(shown: ReactNode): void {
  // Without its style elements, whose text would count as text of the page.
  const styleless = { withCssVariables: false, withGlobalClasses: false };
  flushSync(() =>
    root.render(
      <MantineProvider env="test" {...styleless}>
        {shown}
      </MantineProvider>,
    ),
  );
}
