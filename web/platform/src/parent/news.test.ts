import { expect, test } from 'vitest';
import { dashboardChild, planSummary, reportSummary } from './children.test.support.js';
import { dashboardNews, progressNews, weeklyReportNews } from './news.js';

const sentences = (...args: Parameters<typeof dashboardNews>) => dashboardNews(...args).map(([, sentence]) => sentence);

test('of each child the progress, the plans and the reports are told', () => {
  const anna = dashboardChild({
    progress: 45,
    studyPlans: [planSummary(1, 'Equations')],
    reports: [reportSummary('weekly', 1, 'A good week.'), reportSummary('student', 1, 'Fractions')],
  });
  expect(sentences([anna])).toEqual([
    'progress of Anna Petrova is 45 %',
    'study plan “Equations” in Mathematics for Anna Petrova',
    'weekly report from Marina Belova about Anna Petrova',
    'report from Elena Orlova about Anna Petrova',
  ]);
});

test('reports of both kinds with one id are two things', () => {
  const reports = [reportSummary('weekly', 1, 'A good week.'), reportSummary('student', 1, 'Fractions')];
  const ids = dashboardNews([dashboardChild({ reports })]).map(([id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an archived plan is told as such', () => {
  const anna = dashboardChild({ studyPlans: [planSummary(1, 'Equations', 'archived')] });
  expect(sentences([anna])).toContain('study plan “Equations” in Mathematics, archived, for Anna Petrova');
});

test('that the parent has read a report is no news on the dashboard, but on the page where it is marked', () => {
  const report = reportSummary('weekly', 1, 'A good week.');
  expect(sentences([dashboardChild({ reports: [{ ...report, status: 'read' }] })])).toEqual(
    sentences([dashboardChild({ reports: [report] })]),
  );
  const weekly = {
    id: 1,
    student: { id: 3, name: 'Anna Petrova' },
    tutor: { id: 8, name: 'Marina Belova' },
    parent: null,
    weekStartDate: '2026-11-23',
    summary: 'A good week.',
    sentAt: '2026-11-22T10:00:00.000Z',
  };
  expect(weeklyReportNews([{ ...weekly, status: 'sent' }])).toEqual([
    ['1', 'weekly report from Marina Belova about Anna Petrova'],
  ]);
  expect(weeklyReportNews([{ ...weekly, status: 'read' }])).toEqual([
    ['1', 'weekly report from Marina Belova about Anna Petrova, read'],
  ]);
});

test('progress is told by subject', () => {
  const none = { materials: 2, completed: 1, timeSpentMinutes: 30, teachers: [], color: '#4c6ef5' };
  const subjects = [{ ...none, subjectId: 1, name: 'Mathematics', progress: 50 }];
  expect(progressNews({ progress: 50, materials: 2, completed: 1, timeSpentMinutes: 30, subjects, weeks: [] })).toEqual(
    [['1', 'progress in Mathematics is 50 %']],
  );
});
