import type { Page } from 'playwright/test';
import { expectAccessible } from './support/accessible.js';
import { logIn } from './support/api.js';
import { comeIn, type DemoName, EMAILS } from './support/person.js';
import { expect, test } from './support/test.js';

test.use({ platform: 'shared' });

const WEEKLY = { studentId: 3, weekStartDate: '2038-01-04', summary: 'A week to come.' };
const REPORT = { title: 'A draft', content: 'Not ready yet.' };

interface Dialogs {
  readonly name: DemoName;
  readonly path: string;
  /** The buttons that open them. */
  readonly buttons: readonly RegExp[];
  /** Written beforehand where the demo data has no draft: there would be nothing to edit or send. */
  readonly draft?: readonly [path: string, body: unknown];
}

/** The dialogs of every page that has some. Ids are those of the demo data. */
const DIALOGS: readonly Dialogs[] = [
  { name: 'marina', path: '/students', buttons: [/^New student/, /^Edit Anna/, /^Assign several subjects to Anna/] },
  {
    name: 'marina',
    path: '/weekly-reports',
    buttons: [/^New report/, /^Edit/, /^Send/],
    draft: ['/api/tutor-weekly-reports', WEEKLY],
  },
  { name: 'elena', path: '/plans', buttons: [/^New plan/, /^Edit/, /^Send/, /^Archive/, /^Delete/] },
  { name: 'elena', path: '/materials', buttons: [/^New material/, /^Assign students/, /^Edit/, /^Publish/, /^Delete/] },
  {
    name: 'elena',
    path: '/weekly-reports',
    buttons: [/^New report/, /^Edit/, /^Send/],
    draft: ['/api/teacher-weekly-reports', WEEKLY],
  },
  {
    name: 'elena',
    path: '/students/3',
    buttons: [/^New report/, /^Edit/, /^Send/],
    draft: ['/api/teacher/students/3/reports', REPORT],
  },
  { name: 'anna', path: '/materials', buttons: [/^Report progress/, /^Mark as done/] },
  { name: 'nina', path: '/users', buttons: [/^New user/, /^Rename Pavel/, /^Deactivate Pavel/] },
];

for (const { name, path, buttons, draft } of DIALOGS) {
  test(`every dialog of ${name} at ${path} is without violations in light and dark, and fits a phone`, async ({
    stack,
    visit,
  }) => {
    if (draft) await (await logIn(stack.url, EMAILS[name])).write('POST', ...draft);
    const { page } = await comeIn(await visit(), stack.url, name, path);
    for (const button of buttons) await expectAccessibleDialog(page, button);
  });
}

async function expectAccessibleDialog(page: Page, button: RegExp): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: button }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await expectAccessible(page, `the dialog behind ${button}`, '[role="dialog"]');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
}
