import { counterOf, factOf, openDemo, takeStep } from './support/demo-page.js';
import { card, subjectOf } from './support/sign-in.js';
import { expect, test } from './support/test.js';

/** Each scenario of the guide with the table whose trigger captures it, and a key that the parent is told besides. */
const STEPS = [
  ['Tutor assigns a subject', 'subject_enrollments · insert', '["parent-child-subjects", 3]'],
  ['Teacher sends a study plan', 'study_plans · insert', '["study-plans", 3]'],
  ['Student makes progress', 'material_progress · update', '["student-progress", 3]'],
  ['Profile changes', 'student_profiles · update', '["parent-children"]'],
] as const;

test('each guided step shows its signal, the room, the keys and the milliseconds, and can be taken again', async ({
  stack,
  visit,
}) => {
  const { page } = await visit();
  const { querycast, handWritten } = await openDemo(page, stack.url);
  for (const [title, signal, key] of STEPS) {
    const step = await takeStep(page, title);
    await expect(factOf(step, 'Signal')).toContainText(signal);
    await expect(factOf(step, 'Room')).toContainText('parent:1');
    await expect(factOf(step, 'Keys')).toContainText('["parent-dashboard"]');
    await expect(factOf(step, 'Keys')).toContainText(key);
    await expect(factOf(step, 'Published')).toHaveText(/^\d+ ms$/);
    await expect(factOf(step, 'On screen')).toHaveText(/by hand \d+ ms/);
  }
  for (const pane of [querycast, handWritten]) {
    await expect(subjectOf(pane, 'Anna Petrova', 'Physics')).toBeVisible();
    await expect(card(pane, 'Anna Petrova')).toContainText('Grade 8');
    await expect(card(pane, 'Anna Petrova')).toContainText('Plan of ');
  }
  // The first load and one for each step.
  for (const pane of [querycast, handWritten]) expect(await counterOf(pane, 'fetches')).toBe(1 + STEPS.length);

  for (const [title] of STEPS) await takeStep(page, title);
  await expect(subjectOf(querycast, 'Anna Petrova', 'Physics')).toHaveCount(0);
  await expect(card(querycast, 'Anna Petrova')).toContainText('Grade 7');
});
