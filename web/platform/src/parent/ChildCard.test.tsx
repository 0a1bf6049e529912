import { expect, test } from 'vitest';
import { page, render, setPage } from '../testing/page.test.support.js';
import { ChildCard } from './ChildCard.js';
import { dashboardChild, planSummary, reportSummary } from './children.test.support.js';

setPage();

function show(parts: Parameters<typeof dashboardChild>[0]): void {
  render(<ChildCard child={dashboardChild(parts)} linked={false} />);
}

/** The terms whose row carries an animation. */
function glowing(): (string | null | undefined)[] {
  const rows = [...page.querySelectorAll('dl > div')];
  return rows.filter((row) => /odd|even/.test(row.className)).map((row) => row.querySelector('dt')?.textContent);
}

test('a child without anything is told what comes next', () => {
  show({});
  expect(page.textContent).toContain('when Marina Belova assigns it');
  expect(page.textContent).toContain('What teachers send appears here');
  expect(page.textContent).toContain('What the tutor and teachers write to you appears here');
});

test('plans and reports that name a subject are no list items: those are the subjects', () => {
  show({ studyPlans: [planSummary(1, 'Equations')], reports: [reportSummary('student', 1, 'Mathematics is fun')] });
  expect(page.textContent).toContain('Equations');
  expect(page.querySelectorAll('li, article article')).toHaveLength(0);
});

test('the first plan and a new report glow, and what was there does not', () => {
  const weekly = reportSummary('weekly', 1, 'A good week.');
  show({ reports: [weekly] });
  expect(glowing()).toEqual([]);
  show({ studyPlans: [planSummary(1, 'Equations')], reports: [reportSummary('student', 1, 'Fractions'), weekly] });
  expect(glowing()).toEqual(['Equations', 'Elena Orlova report']);
});

test('a report that is read glows', () => {
  const weekly = reportSummary('weekly', 1, 'A good week.');
  show({ reports: [weekly] });
  show({ reports: [{ ...weekly, status: 'read' }] });
  expect(page.textContent).toContain('Read');
  expect(glowing()).toEqual(['Marina Belova weekly report']);
});

test('only an archived plan carries its status', () => {
  show({ studyPlans: [planSummary(2, 'Fractions'), planSummary(1, 'Equations', 'archived')] });
  expect([...page.querySelectorAll('[data-status]')].map((badge) => badge.textContent)).toEqual(['Archived']);
});
