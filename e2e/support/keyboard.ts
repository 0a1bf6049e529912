import { expect, type Locator, type Page } from 'playwright/test';

/** More than any page has stops on the way to a control. */
const MAX_TABS = 120;

/** Goes on with Tab until the control has the focus. */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeVisible();
  const isFocused = () => control.evaluate((element) => element === document.activeElement);
  for (let tabs = 0; tabs < MAX_TABS; tabs += 1) {
    if (await isFocused()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${control} is not reached by Tab`);
}

/** Goes to a control by Tab and presses Enter there. */
export async function press(page: Page, control: Locator): Promise<void> {
  await tabTo(page, control);
  await page.keyboard.press('Enter');
}

/** Goes to a field by Tab and replaces what it holds. */
export async function type(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

/** Fills fields and choices of the open dialog by their labels, and submits it. */
export async function fillByKeyboard(
  page: Page,
  texts: Readonly<Record<string, string>>,
  choices: Readonly<Record<string, string>> = {},
): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [label, choice] of Object.entries(choices)) {
    await tabTo(page, dialog.getByLabel(label, { exact: true }));
    await page.keyboard.type(choice);
  }
  for (const [label, text] of Object.entries(texts)) await type(page, dialog.getByLabel(label, { exact: true }), text);
  await press(page, dialog.locator('button[type="submit"]'));
  await expect(dialog).toHaveCount(0);
}
