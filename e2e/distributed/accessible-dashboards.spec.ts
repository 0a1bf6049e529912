import { expectAccessible } from '../support/accessible.js';
import { press } from '../support/keyboard.js';
import { comeIn, type DemoName } from '../support/person.js';
import { expect, test } from '../support/test.js';

test.use({ platform: 'shared' });

/** A page of everybody and the button that opens a form there. Every page and form is tested on the embedded platform. */
const PAGES: readonly [name: DemoName, path: string, form?: RegExp][] = [
  ['olga', '/'],
  ['anna', '/materials', /^Report progress/],
  ['elena', '/plans', /^New plan/],
  ['marina', '/students', /^New student/],
  ['nina', '/users', /^New user/],
];

for (const [name, path, form] of PAGES) {
  test(`the page of ${name} at ${path} is without violations, and so is its form, by keyboard alone`, async ({
    stack,
    visit,
  }) => {
    const { page } = await comeIn(await visit(), stack.url, name, path);
    await expectAccessible(page, path);
    if (!form) return;
    const button = page.getByRole('main').getByRole('button', { name: form }).first();
    await press(page, button);
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, `the form of ${path}`, '[role="dialog"]');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(button).toBeFocused();
  });
}
