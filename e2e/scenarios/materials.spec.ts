import { confirmDialog, submitDialog } from '../support/dialogs.js';
import { card } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

const MATERIAL = 'GET /api/teacher/materials';
/** What the author's page shows of a material that somebody has, and of those students. */
const OF_ELENA = { [MATERIAL]: 1, 'GET /api/teacher/students': 1 };
/** Whose pages change when a student's active materials do. */
const OF_ANNA = {
  anna: { 'GET /api/student/materials': 1 },
  olga: { 'GET /api/parent/children/3/progress': 1 },
  marina: { 'GET /api/tutor/students': 1 },
} as const;

test('a material is created, assigned, reassigned, archived, restored and deleted', async ({ scene }) => {
  const { at, see } = await scene.gather({
    elena: '/materials',
    anna: '/materials',
    olga: '/children/3',
    marina: '/students',
    ivan: '/',
  });
  const { elena, anna, olga } = at;
  const material = card(elena.page, 'Material Parabolas');
  const progressOfAnna = olga.page.getByRole('region', { name: 'Progress' });
  const ofAnna = anna.page.getByRole('listitem').filter({ hasText: 'Parabolas' });
  await elena.page.getByRole('button', { name: 'New material' }).click();
  await see(
    async () => {
      const values = { Subject: 'Mathematics', Title: 'Parabolas', Type: 'lesson', Status: 'active' };
      await submitDialog(elena.page, 'New material', values, 'Create');
      await expect(material).toBeVisible();
    },
    { elena: { 'GET /api/subjects': 1, 'POST /api/teacher/materials': 1, [MATERIAL]: 1 } },
  );

  await material.getByRole('button', { name: /^Assign students/ }).click();
  await see(
    async () => {
      await submitDialog(elena.page, 'Assign students to Parabolas', { 'Anna Petrova': true }, 'Save');
      await expect(ofAnna).toBeVisible();
      await expect(progressOfAnna).toContainText('of 3 materials');
    },
    { ...OF_ANNA, elena: { 'PUT /api/teacher/materials/:id/assignments': 1, ...OF_ELENA } },
  );

  await material.getByRole('button', { name: /^Assign students/ }).click();
  await see(
    async () => {
      await submitDialog(elena.page, 'Assign students to Parabolas', { 'Anna Petrova': false }, 'Save');
      await expect(ofAnna).toHaveCount(0);
      await expect(progressOfAnna).toContainText('of 2 materials');
    },
    { ...OF_ANNA, elena: { 'PUT /api/teacher/materials/:id/assignments': 1, ...OF_ELENA } },
  );

  await material.getByRole('button', { name: /^Assign students/ }).click();
  await see(
    async () => {
      await submitDialog(elena.page, 'Assign students to Parabolas', { 'Anna Petrova': true }, 'Save');
      await expect(ofAnna).toBeVisible();
    },
    { ...OF_ANNA, elena: { 'PUT /api/teacher/materials/:id/assignments': 1, ...OF_ELENA } },
  );

  for (const [action, isThere] of [
    ['Archive', false],
    ['Restore', true],
  ] as const) {
    await see(
      async () => {
        await material.getByRole('button', { name: `${action} Parabolas` }).click();
        await expect(ofAnna).toHaveCount(isThere ? 1 : 0);
      },
      { ...OF_ANNA, elena: { 'PATCH /api/teacher/materials/:id': 1, ...OF_ELENA } },
    );
  }

  await material.getByRole('button', { name: /^Delete/ }).click();
  await see(
    async () => {
      await confirmDialog(elena.page, 'Delete this material?', 'Delete');
      await expect(ofAnna).toHaveCount(0);
      await expect(progressOfAnna).toContainText('of 2 materials');
    },
    { ...OF_ANNA, elena: { 'DELETE /api/teacher/materials/:id': 1, ...OF_ELENA } },
  );
});
