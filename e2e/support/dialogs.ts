import { expect, type Locator, type Page } from 'playwright/test';

/** Values by the labels of their fields; `true` ticks a box. */
export type FormValues = Readonly<Record<string, string | boolean>>;

/** Fills the open form dialog of this title, submits it and waits until it has gone. */
export async function submitDialog(page: Page, title: string, values: FormValues, submit: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title });
  for (const [label, value] of Object.entries(values)) await fill(dialog, label, value);
  await confirmDialog(page, title, submit);
}

/** Presses a button of the open dialog of this title and waits until the dialog has gone. */
export async function confirmDialog(page: Page, title: string, button: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

async function fill(dialog: Locator, label: string, value: string | boolean): Promise<void> {
  if (typeof value === 'boolean') {
    await dialog.getByRole('checkbox', { name: label }).setChecked(value);
    return;
  }
  const field = dialog.getByLabel(label, { exact: true });
  const isChoice = (await field.evaluate((element) => element.tagName)) === 'SELECT';
  await (isChoice ? field.selectOption(value) : field.fill(value));
}
