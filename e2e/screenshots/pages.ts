import { expect, type Page } from 'playwright/test';
import type { DemoName } from '../support/person.js';

/** What is taken of somebody. */
interface Picture {
  readonly path: string;
  /** What is opened on the page, when the picture is of that; of the window alone then, as dialogs are. */
  readonly open?: (page: Page) => Promise<unknown>;
}

const dialog = (button: string) => async (page: Page) => {
  await page.getByRole('button', { name: button }).first().click();
  await page.getByRole('dialog').waitFor();
};

/** Everybody's pages and dialogs, by the names of the pictures. */
export const PICTURES: Readonly<Partial<Record<DemoName, Readonly<Record<string, Picture>>>>> = {
  olga: {
    parent: { path: '/' },
    'parent-child': { path: '/children/3' },
    'parent-reports': { path: '/weekly-reports' },
    'parent-live': {
      path: '/',
      async open(page) {
        await page.getByRole('banner').getByRole('status').getByText('Live').hover();
        await expect(page.getByRole('tooltip').first()).toHaveCSS('opacity', '1');
      },
    },
    profile: { path: '/profile' },
  },
  anna: {
    student: { path: '/' },
    'student-materials': { path: '/materials' },
    'student-materials-dialog': { path: '/materials', open: dialog('Report progress') },
    'student-plans': { path: '/plans' },
    'student-progress': { path: '/progress' },
  },
  elena: {
    teacher: { path: '/' },
    'teacher-students': { path: '/students' },
    'teacher-student': { path: '/students/3' },
    'teacher-plans': { path: '/plans' },
    'teacher-plans-dialog': { path: '/plans', open: dialog('New plan') },
    'teacher-plans-confirm': { path: '/plans', open: dialog('Delete') },
    'teacher-materials': { path: '/materials' },
    'teacher-materials-dialog': { path: '/materials', open: dialog('Assign students') },
    'teacher-reports': { path: '/weekly-reports' },
  },
  marina: {
    tutor: { path: '/' },
    'tutor-students': { path: '/students' },
    'tutor-students-dialog': { path: '/students', open: dialog('Assign several') },
    'tutor-reports': { path: '/weekly-reports' },
  },
  nina: { 'admin-users': { path: '/users' } },
};
