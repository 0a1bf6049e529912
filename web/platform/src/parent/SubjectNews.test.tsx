import { expect, test } from 'vitest';
import { page, render, setPage } from '../testing/page.test.support.js';
import { SubjectNews } from './SubjectNews.js';
import type { ShownChild } from './subject-news.js';

const PHYSICS = { enrollmentId: 2, name: 'Physics', teacher: { name: 'Elena Orlova' } };

setPage();

function show(...subjects: ShownChild['subjects'][number][]): void {
  const shown = [{ id: 1, name: 'Anna Petrova', subjects }];
  render(<SubjectNews shown={shown} />);
}

const region = () => page.querySelector('[aria-live="polite"]');

test('what was there from the start is not announced', () => {
  show(PHYSICS);
  expect(region()?.textContent).toBe('');
});

test('a subject that comes while the page is open is announced in a region that was there before', () => {
  show();
  const before = region();
  show(PHYSICS);
  expect(region()).toBe(before);
  expect(before?.textContent).toBe('Physics with Elena Orlova added for Anna Petrova.');
});

test('a refetch that brings the same leaves the last announcement alone', () => {
  show();
  show(PHYSICS);
  show({ ...PHYSICS });
  expect(region()?.textContent).toBe('Physics with Elena Orlova added for Anna Petrova.');
});
