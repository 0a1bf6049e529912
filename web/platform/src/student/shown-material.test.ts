import { expect, test } from 'vitest';
import { shownMaterial } from './shown-material.js';

const MATERIAL = {
  id: 2,
  title: 'Twenty linear equations',
  type: 'exercise' as const,
  author: { id: 6, name: 'Elena Orlova' },
  progressPercentage: 40,
  timeSpentMinutes: 35,
  isCompleted: false,
};
const report = (progressPercentage: number, materialId = MATERIAL.id) => ({ materialId, progressPercentage });

test('without a report under way a material is shown as the server has it', () => {
  expect(shownMaterial(MATERIAL, [])).toEqual(MATERIAL);
  expect(shownMaterial(MATERIAL, [report(80, 7)])).toEqual(MATERIAL);
});

test('of several reports under way the last one is shown, and no time of theirs', () => {
  expect(shownMaterial(MATERIAL, [report(80), report(70)])).toEqual({ ...MATERIAL, progressPercentage: 70 });
});

test('100 % completes at once, and what is completed stays so whatever is reported later', () => {
  expect(shownMaterial(MATERIAL, [report(100)])).toMatchObject({ progressPercentage: 100, isCompleted: true });
  expect(shownMaterial(MATERIAL, [report(100), report(90)])).toMatchObject({
    progressPercentage: 90,
    isCompleted: true,
  });
  expect(shownMaterial({ ...MATERIAL, isCompleted: true }, [report(10)])).toMatchObject({ isCompleted: true });
});
