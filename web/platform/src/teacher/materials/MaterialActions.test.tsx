import { MantineProvider } from '@mantine/core';
import type { MaterialStatus, TeacherMaterial } from '@querycast/platform-protocol';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MaterialActions } from './MaterialActions.js';

let root: Root;
const open = vi.fn();
const run = vi.fn();

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  root = createRoot(document.body.appendChild(document.createElement('div')));
});

afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
  vi.clearAllMocks();
  vi.unstubAllGlobals();
});

/** Clicks a button, `count` times in quick succession as the browser counts it. */
function press(name: string, status: MaterialStatus, count = 1): TeacherMaterial {
  const material: TeacherMaterial = {
    id: 4,
    title: 'Fractions',
    type: 'lesson',
    status,
    subject: { id: 1, name: 'Mathematics', color: '#14666f' },
    students: [],
  } as never;
  act(() =>
    root.render(
      <MantineProvider env="test">
        <MaterialActions material={material} edit={vi.fn()} actions={{ isPending: () => false, run }} open={open} />
      </MantineProvider>,
    ),
  );
  const click = new MouseEvent('click', { bubbles: true, detail: count });
  act(() => void document.querySelector(`[aria-label="${name} Fractions"]`)?.dispatchEvent(click));
  return material;
}

test('publishing cannot be undone, so it asks first', () => {
  const material = press('Publish', 'draft');
  expect(open).toHaveBeenCalledExactlyOnceWith({ kind: 'publish', material });
  expect(run).not.toHaveBeenCalled();
});

test.each([
  ['Archive', 'active'],
  ['Restore', 'archived'],
] as const)('%s can be undone, and is done at once', (name, status) => {
  press(name, status);
  expect(run).toHaveBeenCalledOnce();
  expect(open).not.toHaveBeenCalled();
});

test('the second click of a double click is not for the button that the first one has made of it', () => {
  press('Archive', 'active');
  press('Restore', 'archived', 2);
  expect(run).toHaveBeenCalledOnce();
});
