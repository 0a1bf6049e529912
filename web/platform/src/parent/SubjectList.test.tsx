import { expect, test } from 'vitest';
import { page, render, setPage } from '../testing/page.test.support.js';
import { type ListedSubject, SubjectList } from './SubjectList.js';

const MATHEMATICS = subject(1, 'Mathematics');
const PHYSICS = subject(2, 'Physics');

function subject(enrollmentId: number, name: string) {
  const teacher = { id: 6, name: 'Elena Orlova' };
  return { enrollmentId, subjectId: enrollmentId, name, color: '#14666f', teacher, enrolledAt: '2026-09-01T10:00:00Z' };
}

setPage();

function show(subjects: ListedSubject[]): void {
  render(<SubjectList subjects={subjects} childName="Anna Petrova" empty="none" />);
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

test('progress is shown where the page knows it, and does not let the whole row glow', () => {
  show([MATHEMATICS]);
  expect(page.querySelector('[role="progressbar"]')).toBeNull();
  const known = { materials: 2, completed: 0 };
  show([{ ...PHYSICS, ...known, progress: 40 }]);
  const before = page.querySelector('li')?.className;
  show([{ ...PHYSICS, ...known, progress: 55 }]);
  expect(page.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('55');
  expect(page.querySelector('li')?.className).toBe(before);
});

test('a subject without materials says so, and glows when it gets the first one', () => {
  show([{ ...PHYSICS, progress: 0, materials: 0, completed: 0 }]);
  expect(page.textContent).toContain('No materials yet');
  show([{ ...PHYSICS, progress: 0, materials: 1, completed: 0 }]);
  expect(page.textContent).not.toContain('No materials yet');
  expect(glowing()).toEqual(['Physics']);
});
