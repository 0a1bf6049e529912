import { confirmDialog, submitDialog } from '../support/dialogs.js';
import { createGate } from '../support/gate.js';
import { card } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

const DRAFT = {
  Student: 'Anna Petrova',
  Subject: 'Mathematics',
  Title: 'Slopes',
  Content: 'Measure three slopes of the park.',
};

/** Who sees a plan that is not a draft. */
const SHOWN = {
  olga: { 'GET /api/parent/children/3/study-plans': 1 },
  anna: { 'GET /api/student/study-plans': 1 },
} as const;

test('a draft is the teacher’s alone; sent it shows, by itself too; archived and deleted it changes and goes', async ({
  scene,
}) => {
  const { at, see } = await scene.gather({
    elena: '/plans',
    olga: '/children/3',
    anna: '/plans',
    marina: '/',
    ivan: '/',
  });
  const { elena, olga, anna } = at;
  const plan = (page: typeof elena.page, title: string) => card(page, `Plan ${title}`);

  await elena.page.getByRole('button', { name: 'New plan' }).click();
  await see(() => submitDialog(elena.page, 'New plan', DRAFT, 'Save draft'), {
    elena: { 'POST /api/teacher/study-plans': 1, 'GET /api/teacher/study-plans': 1 },
  });
  for (const { page } of [olga, anna]) await expect(plan(page, 'Slopes')).toHaveCount(0);

  await plan(elena.page, 'Slopes').getByRole('button', { name: /^Edit/ }).click();
  await see(() => submitDialog(elena.page, 'Edit the plan for Anna Petrova', { Title: 'Slopes and hills' }, 'Save'), {
    elena: { 'PATCH /api/teacher/study-plans/:id': 1, 'GET /api/teacher/study-plans': 1 },
  });

  await plan(elena.page, 'Slopes and hills').getByRole('button', { name: /^Send/ }).click();
  await see(
    async () => {
      await confirmDialog(elena.page, 'Send this plan?', 'Send');
      for (const { page } of [olga, anna]) await expect(plan(page, 'Slopes and hills')).toContainText('three slopes');
    },
    { ...SHOWN, elena: { 'POST /api/teacher/study-plans/:id/send': 1, 'GET /api/teacher/study-plans': 1 } },
  );

  await plan(elena.page, 'Slopes and hills')
    .getByRole('button', { name: /^Archive/ })
    .click();
  await see(
    async () => {
      await confirmDialog(elena.page, 'Archive this plan?', 'Archive');
      for (const { page } of [olga, anna]) await expect(plan(page, 'Slopes and hills')).toContainText('Archived');
    },
    { ...SHOWN, elena: { 'PATCH /api/teacher/study-plans/:id': 1, 'GET /api/teacher/study-plans': 1 } },
  );

  await plan(elena.page, 'Slopes and hills')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await see(
    async () => {
      await confirmDialog(elena.page, 'Delete this plan?', 'Delete');
      for (const { page } of [olga, anna]) await expect(plan(page, 'Slopes and hills')).toHaveCount(0);
    },
    { ...SHOWN, elena: { 'DELETE /api/teacher/study-plans/:id': 1, 'GET /api/teacher/study-plans': 1 } },
  );
});

test('of two tabs that send the same plan at once, one wins, the other says so, and the parent fetches once', async ({
  scene,
}) => {
  const { at, see } = await scene.gather({ elena: '/plans', olga: '/children/3' });
  const { elena, olga } = at;
  const other = await elena.page.context().newPage();
  await other.goto(`${scene.stack.url}/plans`);
  const tabs = [elena.page, other];
  for (const tab of tabs) {
    await card(tab, 'Plan Rehearsal for the olympiad').getByRole('button', { name: /^Send/ }).click();
    await expect(tab.getByRole('dialog')).toBeVisible();
  }
  const answers: number[] = [];
  const gates = tabs.map(() => createGate());
  for (const [index, tab] of tabs.entries()) {
    tab.on('response', (response) => {
      if (response.url().endsWith('/send')) answers.push(response.status());
    });
    // Both are on their way before either is there, or one tab would hear of the other one's first.
    await tab.route('**/send', async (route) => {
      await gates[index]?.pass();
      await route.continue();
    });
  }
  await see(
    async () => {
      await Promise.all(
        tabs.map((tab) => tab.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click()),
      );
      for (const gate of gates) await gate.reached;
      for (const gate of gates) gate.open();
      await expect.poll(() => answers.toSorted()).toEqual([200, 409]);
      await expect(card(olga.page, 'Plan Rehearsal for the olympiad')).toBeVisible();
    },
    {
      olga: { 'GET /api/parent/children/3/study-plans': 1 },
      // Whether hers won or not.
      elena: { 'POST /api/teacher/study-plans/:id/send': 1, 'GET /api/teacher/study-plans': 1 },
    },
  );
  // The one that lost says so.
  await expect
    .poll(async () => (await Promise.all(tabs.map((tab) => tab.getByRole('alert').count()))).toSorted())
    .toEqual([0, 1]);
  await elena.page.unroute('**/send');
  await other.close();
});
