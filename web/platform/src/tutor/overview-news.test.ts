import { expect, test } from 'vitest';
import { overviewNews } from './overview-news.js';

const LEV = { id: 3, name: 'Lev Sokolov', grade: 6, goal: '', progress: 40, materials: 5, completed: 2 };

test('each student is said with all that the dashboard shows of them', () => {
  expect(overviewNews([{ ...LEV, subjects: 1 }])).toEqual([['3', 'Lev Sokolov, grade 6, 1 subject, progress 40 %']]);
});

test('subjects are counted in words', () => {
  const [[, none] = [], [, two] = []] = overviewNews([
    { ...LEV, subjects: 0 },
    { ...LEV, subjects: 2 },
  ]);
  expect(none).toContain('no subjects yet');
  expect(two).toContain('2 subjects');
});
