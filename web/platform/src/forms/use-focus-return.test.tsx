import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useFocusReturn } from './use-focus-return.js';

let root: Root;
let opener: HTMLButtonElement;
let other: HTMLButtonElement;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  const place = document.createElement('div');
  opener = document.createElement('button');
  other = document.createElement('button');
  document.body.append(opener, other, place);
  root = createRoot(place);
  opener.focus();
});

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

/** Takes the focus inside, as a dialog does. */
function Dialog() {
  useFocusReturn();
  return <input ref={(input) => input?.focus()} />;
}

function openDialog(): void {
  act(() => root.render(<Dialog />));
  expect(document.activeElement?.tagName).toBe('INPUT');
}

test('when the dialog has gone, the button that opened it has the focus again', () => {
  openDialog();
  act(() => root.unmount());
  expect(document.activeElement).toBe(opener);
});

test('whoever has gone on elsewhere meanwhile stays there', () => {
  openDialog();
  other.focus();
  act(() => root.unmount());
  expect(document.activeElement).toBe(other);
});

test('a button that has gone meanwhile gets nothing', () => {
  openDialog();
  opener.remove();
  act(() => root.unmount());
  expect(document.activeElement).toBe(document.body);
});

test('what opened over a dialog that had lost the focus gives it to that one', () => {
  const below = document.body.appendChild(document.createElement('section'));
  below.setAttribute('role', 'dialog');
  below.tabIndex = -1;
  opener.blur();
  openDialog();
  act(() => root.unmount());
  expect(document.activeElement).toBe(below);
});
