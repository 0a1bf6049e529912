import { expect, type Locator, type Page } from 'playwright/test';

/** The three panes of `/demo`. */
export interface DemoPanes {
  readonly tutor: Locator;
  readonly querycast: Locator;
  readonly handWritten: Locator;
}

/** Opens `/demo` and waits until everybody in it is connected. */
export async function openDemo(page: Page, url: string): Promise<DemoPanes> {
  await page.goto(`${url}/demo`);
  const panes = demoPanes(page);
  await expect(panes.tutor.getByRole('status').first()).toHaveText('Live');
  await expect(panes.querycast.getByRole('status').first()).toHaveText('Live');
  await expect(panes.handWritten.getByRole('status').first()).toHaveText('Socket connected');
  for (const pane of [panes.querycast, panes.handWritten]) {
    await expect(pane.getByRole('article')).toHaveCount(2);
  }
  return panes;
}

/** The three panes by their names. */
export function demoPanes(page: Page): DemoPanes {
  return {
    tutor: page.getByRole('region', { name: 'Act as tutor' }),
    querycast: page.getByRole('region', { name: 'Kept by Querycast' }),
    handWritten: page.getByRole('region', { name: 'Kept by hand-written code' }),
  };
}

/** Assigns a subject in the tutor's pane and waits until that is done. */
export async function assignInDemo(page: Page, student: string, subject: string): Promise<void> {
  const toggle = subjectToggle(page, student, subject);
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
}

/** Takes a subject away in the tutor's pane and waits until that is done. */
export async function unassignInDemo(page: Page, student: string, subject: string): Promise<void> {
  const toggle = subjectToggle(page, student, subject);
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
}

/** Cuts the wire of the parents' panes and waits until both have noticed. */
export async function cutWire(page: Page): Promise<void> {
  const { querycast, handWritten } = demoPanes(page);
  await page.getByRole('button', { name: 'Cut the wire' }).click();
  await expect(querycast.getByRole('status').first()).not.toHaveText('Live');
  await expect(handWritten.getByRole('status').first()).toHaveText('Socket disconnected');
}

/** Mends the wire and waits until both panes are connected again. */
export async function mendWire(page: Page): Promise<void> {
  const { querycast, handWritten } = demoPanes(page);
  await page.getByRole('button', { name: 'Reconnect' }).click();
  await expect(querycast.getByRole('status').first()).toHaveText('Live');
  await expect(handWritten.getByRole('status').first()).toHaveText('Socket connected');
}

/** Takes a guided step and waits until the pane kept by Querycast shows it; answers the step's card. */
export async function takeStep(page: Page, title: string): Promise<Locator> {
  const step = guidedStep(page, title);
  await step.getByRole('button').click();
  await expect(factOf(step, 'On screen')).toHaveText(/Querycast \d+ ms/);
  return step;
}

/** The card of a guided step. */
export function guidedStep(page: Page, title: string): Locator {
  return page.getByRole('region', { name: 'Guided steps' }).getByRole('article', { name: title });
}

/** What a guided step tells under a name. */
export function factOf(step: Locator, name: 'Signal' | 'Room' | 'Keys' | 'Published' | 'On screen'): Locator {
  return step.locator(`[data-fact="${name.toLowerCase()}"]`).getByRole('definition');
}

/** Has the server make its 500 changes and waits until all are made. */
export async function makeManyChanges(page: Page): Promise<void> {
  await page.getByRole('button', { name: '500 changes' }).click();
  await expect(page.getByText(/^Made in/)).toBeVisible();
}

/** What a counter of a pane shows. */
export async function counterOf(
  pane: Locator,
  label: 'fetches' | 'seconds stale' | 'frames' | 'events',
): Promise<number> {
  return Number(await pane.getByLabel(label, { exact: true }).textContent());
}

function subjectToggle(page: Page, student: string, subject: string): Locator {
  return demoPanes(page)
    .tutor.getByRole('group', { name: new RegExp(`^${student}`) })
    .getByRole('button', { name: new RegExp(`^${subject} `) });
}
