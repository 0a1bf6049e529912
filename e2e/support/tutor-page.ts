import type { Page } from 'playwright/test';
import { card } from './sign-in.js';

/** Goes from a tutor's overview to the students. */
export async function openStudents(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Students', exact: true }).click();
}

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
