import type { LoginResponse } from '@querycast/platform-protocol';
import { expect } from 'playwright/test';
import { noteBody, noteCookies } from '../written/note.js';
import { untilReady } from './ready-page.js';
import { untilLive } from './sign-in.js';
import type { Visitor } from './test.js';

/** The demo people by their first names. */
export const EMAILS = {
  olga: 'parent@demo.test',
  ivan: 'parent2@demo.test',
  anna: 'student@demo.test',
  misha: 'student2@demo.test',
  lev: 'student3@demo.test',
  elena: 'teacher@demo.test',
  pavel: 'teacher2@demo.test',
  marina: 'tutor@demo.test',
  nina: 'admin@demo.test',
} as const;

/** A first name of the demo. */
export type DemoName = keyof typeof EMAILS;

/** What somebody who is not of the demo logs in with. */
export interface Account {
  readonly email: string;
  readonly password: string;
}

/** Somebody who is logged in at a page. */
export interface Person extends Visitor {
  readonly user: LoginResponse['user'];
}

/** Logs somebody's browser in without the log-in page, opens an address and waits until it is live and has loaded. */
export async function comeIn(visitor: Visitor, url: string, who: DemoName | Account, path = '/'): Promise<Person> {
  const { page } = visitor;
  const data = typeof who === 'string' ? { email: EMAILS[who], password: 'demo' } : who;
  const answer = await page.context().request.post(`${url}/api/auth/login`, { data });
  expect(answer.status()).toBe(200);
  const login = (await answer.json()) as LoginResponse;
  noteBody({ ...login, ...data });
  noteCookies(answer.headersArray());
  const { user } = login;
  await page.goto(`${url}${path}`);
  await untilLive(page);
  await untilLoaded(visitor);
  return { ...visitor, user };
}

/** Waits until nothing of the page is a skeleton any more. */
export async function untilLoaded({ page }: Pick<Visitor, 'page'>): Promise<void> {
  await untilReady(page, { loaded: true });
  await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}
