import type { Page } from 'playwright/test';
import { card } from './sign-in.js';

/** Assigns a subject on the tutor's page; its only teacher is chosen by the form. */
export async function assignInPage(page: Page, student: string, subject: string): Promise<void> {
  const form = card(page, student).getByRole('form');
  await form.getByRole('combobox', { name: 'Subject' }).selectOption(subject);
  await form.getByRole('button', { name: 'Assign' }).click();
}

/** Takes a subject away on the tutor's page. */
export async function unassignInPage(page: Page, student: string, subject: string): Promise<void> {
  await card(page, student)
    .getByRole('button', { name: new RegExp(`^Unassign ${subject} `) })
    .click();
}
