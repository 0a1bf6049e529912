import { MantineProvider } from '@mantine/core';
import type { LiveStatus } from '@querycast/react';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stubResizeObserver } from '../testing/page.test.support.js';
import { LiveIndicator } from './LiveIndicator.js';

const live = vi.hoisted(() => ({ status: { state: 'live' } as LiveStatus }));
vi.mock('@querycast/react', () => ({ useLiveStatus: () => live.status }));

let root: Root;
/** Where the button is: everything else is nowhere. */
let place = { left: 0, right: 0, top: 0, bottom: 0 };

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  stubResizeObserver();
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    const nowhere = { left: -1_000, right: -1_000, top: -1_000, bottom: -1_000 };
    return { x: 0, y: 0, width: 0, height: 0, ...(this.matches('button') ? place : nowhere) } as DOMRect;
  });
  place = { left: 100, right: 300, top: 10, bottom: 40 };
  root = createRoot(document.body.appendChild(document.createElement('div')));
  show({ state: 'live' });
});

afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function show(status: Partial<LiveStatus>): void {
  live.status = status as LiveStatus;
  act(() =>
    root.render(
      <MantineProvider env="test">
        <LiveIndicator />
      </MantineProvider>,
    ),
  );
}

const button = () => document.querySelector('button') as HTMLButtonElement;
const description = () => document.getElementById(button().getAttribute('aria-describedby') ?? '');
const isOpen = () => description()?.style.display !== 'none';

function pointer(type: string, init: PointerEventInit, target: EventTarget = document): void {
  act(() => void target.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerType: 'mouse', ...init })));
}

const enter = () => pointer('pointerover', { clientX: 200, clientY: 20 }, button());
const press = (key: string) => act(() => void window.dispatchEvent(new KeyboardEvent('keydown', { key })));

test('what it means describes the button, open or not', () => {
  expect(isOpen()).toBe(false);
  expect(description()?.textContent).toContain('No need to reload');
  show({ state: 'refused', code: 'token_invalid' });
  expect(description()?.textContent).toContain('Code: token_invalid');
  show({ state: 'live', lastFreshnessMs: 310 });
  expect(description()?.textContent).toContain('The last change was here after 0.3 s.');
});

test.each([
  ['hover', enter],
  ['focus', () => act(() => button().focus())],
  ['tap', () => act(() => button().click())],
])('it opens on %s, and Escape closes it', (_name, open) => {
  open();
  expect(isOpen()).toBe(true);
  press('Escape');
  expect(isOpen()).toBe(false);
});

test('it stays open when a change of its words takes the button away from a mouse that does not move', () => {
  enter();
  place = { left: 240, right: 300, top: 10, bottom: 40 };
  show({ state: 'connecting' });
  pointer('pointerout', { clientX: 200, clientY: 20, relatedTarget: document.body }, button());
  expect(isOpen()).toBe(true);
  pointer('pointermove', { clientX: 20, clientY: 200 });
  expect(isOpen()).toBe(false);
});

test('it opens also when what was under the mouse before has left the page', () => {
  // The browser then names what is left around it, and says nothing of leaving that.
  const relatedTarget = document.querySelector('[role="status"]');
  pointer('pointerover', { clientX: 200, clientY: 20, relatedTarget }, button());
  expect(isOpen()).toBe(true);
});

test('it closes when the focus goes on', () => {
  act(() => button().focus());
  pointer('pointermove', { clientX: 20, clientY: 200 });
  expect(isOpen()).toBe(true);
  act(() => button().blur());
  expect(isOpen()).toBe(false);
});
