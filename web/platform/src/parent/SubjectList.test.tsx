import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SubjectList } from './SubjectList.js';

const MATHEMATICS = subject(1, 'Mathematics');
const PHYSICS = subject(2, 'Physics');

let root: Root;
let page: HTMLElement;

function subject(enrollmentId: number, name: string) {
  const teacher = { id: 6, name: 'Elena Orlova' };
  return { enrollmentId, subjectId: enrollmentId, name, color: '#14666f', teacher, enrolledAt: '2026-09-01T10:00:00Z' };
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  page = document.createElement('div');
  root = createRoot(page);
});

afterEach(() => {
  act(() => root.unmount());
  vi.unstubAllGlobals();
});

function show(subjects: ReturnType<typeof subject>[]): void {
  act(() => root.render(<SubjectList subjects={subjects} childName="Anna Petrova" empty="none" />));
}

/** The names of the subjects whose element carries an animation. */
function glowing(): (string | undefined)[] {
  const rows = [...page.querySelectorAll('li')];
  return rows.filter((row) => /odd|even/.test(row.className)).map((row) => row.children[1]?.textContent);
}

test('what was there from the start does not glow', () => {
  show([MATHEMATICS]);
  expect(page.textContent).toContain('Mathematics');
  expect(glowing()).toEqual([]);
});

test('a new subject glows, the others do not', () => {
  show([MATHEMATICS]);
  show([MATHEMATICS, PHYSICS]);
  expect(glowing()).toEqual(['Physics']);
});

test('the first subject of a child without any glows too', () => {
  show([]);
  expect(page.textContent).toBe('none');
  show([PHYSICS]);
  expect(glowing()).toEqual(['Physics']);
});

test('a refetch that brings the same subjects starts no animation again', () => {
  show([MATHEMATICS]);
  show([{ ...MATHEMATICS, name: 'Algebra' }]);
  const before = page.querySelector('li')?.className;
  show([{ ...MATHEMATICS, name: 'Algebra' }]);
  expect(page.querySelector('li')?.className).toBe(before);
  show([{ ...MATHEMATICS, name: 'Geometry' }]);
  expect(page.querySelector('li')?.className).not.toBe(before);
});
