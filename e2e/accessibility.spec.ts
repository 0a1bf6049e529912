import { expectAccessible } from './support/accessible.js';
import { openDemo } from './support/demo-page.js';
import { comeIn, type DemoName, untilLoaded } from './support/person.js';
import { expect, test } from './support/test.js';

test.use({ platform: 'shared' });

/** Every page of everybody. Ids are those of the demo data. */
const PAGES: Readonly<Record<Exclude<DemoName, 'ivan' | 'misha' | 'lev' | 'pavel'>, readonly string[]>> = {
  olga: ['/', '/children/3', '/weekly-reports', '/profile', '/nowhere'],
  anna: ['/', '/materials', '/plans', '/progress', '/profile'],
  elena: ['/', '/students', '/students/3', '/plans', '/materials', '/weekly-reports'],
  marina: ['/', '/students', '/weekly-reports'],
  nina: ['/users', '/profile'],
};

for (const [name, paths] of Object.entries(PAGES) as [keyof typeof PAGES, readonly string[]][]) {
  test(`every page of ${name} is without violations in light and dark, and fits a phone`, async ({ stack, visit }) => {
    const visitor = await visit();
    await comeIn(visitor, stack.url, name, paths[0]);
    for (const path of paths) {
      await visitor.page.goto(`${stack.url}${path}`);
      await untilLoaded(visitor);
      await expectAccessible(visitor.page, path);
    }
  });
}

test('the log-in page and the demo are without violations in light and dark, and fit a phone', async ({
  stack,
  visit,
}) => {
  const { page } = await visit();
  await page.goto(`${stack.url}/login`);
  await expect(page.getByRole('button', { name: 'Olga Petrova' })).toBeVisible();
  await expectAccessible(page, '/login');
  await openDemo(page, stack.url);
  await expectAccessible(page, '/demo');
});

test('on a phone, where not all links fit, the one of the page that is shown is in view', async ({ stack, visit }) => {
  const visitor = await visit();
  await visitor.page.setViewportSize({ width: 390, height: 844 });
  const { page } = await comeIn(visitor, stack.url, 'elena', '/weekly-reports');
  const current = page.getByRole('navigation', { name: 'Pages' }).locator('[aria-current="page"]');
  await expect(current).toHaveText('Weekly reports');
  await expect(current).toBeInViewport({ ratio: 1 });
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await expect(current).toHaveText('Overview');
  await expect(current).toBeInViewport({ ratio: 1 });
});
