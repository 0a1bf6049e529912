import { startInProcess } from '../support/in-process-stack.js';
import { openScene } from '../support/scene.js';
import { expectSubjectToFollow } from '../support/subject-names.js';
import { test } from '../support/test.js';
import { warmUp } from '../support/warm-up.js';

test('a subject is renamed and gets another colour, and everybody who sees it sees that', async ({ browser }) => {
  const { stack, sql } = await startInProcess();
  try {
    await warmUp(stack.url);
    const scene = openScene(browser, stack);
    await expectSubjectToFollow(scene, sql);
    await scene.close();
  } finally {
    await stack.close();
  }
});
