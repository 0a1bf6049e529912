import { MantineProvider } from '@mantine/core';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Shown } from './change-marks.js';
import { News } from './News.js';

const FRACTIONS: Shown = ['1', 'plan “Fractions”'];
const EQUATIONS: Shown = ['2', 'plan “Equations”'];

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  page = document.createElement('div');
  root = createRoot(page);
});

afterEach(() => {
  root.unmount();
  vi.unstubAllGlobals();
});

function show(shown: readonly Shown[], newestOnly = false): void {
  flushSync(() =>
    root.render(
      <MantineProvider env="test">
        <News shown={shown} newestOnly={newestOnly} />
      </MantineProvider>,
    ),
  );
}

const said = () => page.querySelector('[aria-live="polite"]')?.textContent;

test('what comes and what goes is said, what was there from the start is not', () => {
  show([FRACTIONS]);
  expect(said()).toBe('');
  show([EQUATIONS]);
  expect(said()).toBe('New: plan “Equations”. Gone: plan “Fractions”.');
});

test('of the newest ones, that which has made room is not said to be gone', () => {
  show([FRACTIONS], true);
  show([EQUATIONS], true);
  expect(said()).toBe('New: plan “Equations”.');
});
