import { focusManager } from '@tanstack/react-query';
import { settled } from './clock.js';
import { EVENTS, possibleEvents } from './events.js';
import { openPage, type Page } from './page.js';
import { createRules, type Rules } from './rules.js';
import type { Scene } from './scenes.js';

/** What became of a sequence of events. */
export interface Played {
  /** The rule that it broke, if any. */
  readonly broken: string | undefined;
  /** What could happen next. */
  readonly next: readonly string[];
}

/** Longer than the longest spread, window or backoff together. */
const REST_MS = 45_000;

/** How long requests go unanswered at most while nothing is waited for. */
const STEP_MS = 5_000;

/** Without a connection the page polls within this: ten seconds and the interval. */
const POLLED_MS = 50_000;

/**
 * Plays events on a new page, then lets it come to rest: shown, connected, mutations settled, requests answered, time
 * passed. Where something is left that only time ends, it is played again with that time.
 */
export async function play(scene: Scene, names: readonly string[]): Promise<Played> {
  const prompt = await playOnce(scene, names, false);
  if (prompt.broken !== undefined || !prompt.hasPending) return prompt;
  return { ...prompt, broken: (await playOnce(scene, names, true)).broken };
}

async function playOnce(scene: Scene, names: readonly string[], isPatient: boolean) {
  const page = await openPage(scene);
  const rules = createRules(page);
  const perform = async (name: string) => {
    const event = EVENTS[name];
    if (!event?.isPossible(page)) return;
    rules.begin(event.isOfApplication?.(page) ?? false);
    await event.act(page);
    await settled();
    rules.check();
  };
  for (const name of [...(scene.begin ?? []), ...names]) await perform(name);
  const next = possibleEvents(page);
  const hasPending = page.isMutating || !page.isConnected;
  const broken =
    rules.broken() ??
    (isPatient ? await waitPatiently(page, rules, perform) : undefined) ??
    (await rest(page, rules, perform));
  page.close();
  return { broken, next, hasPending };
}

type Perform = (name: string) => Promise<void>;

/** Nothing ends but by time: a mutation holds nothing for ever, and who has lost the connection polls. */
async function waitPatiently(page: Page, rules: Rules, perform: Perform): Promise<string | undefined> {
  await perform('show');
  await perform('mount');
  await pass(page, rules, perform, POLLED_MS);
  // TanStack itself lets queries wait for the network, and then for the mutations that had waited for it.
  const canFetch = page.state()?.fetchStatus !== 'paused' && (page.isConnected || !page.scene.losesNetwork);
  if (canFetch && page.data() && page.data()?.version !== page.version) return 'nothing was polled, or held for ever';
  return rules.broken();
}

async function rest(page: Page, rules: Rules, perform: Perform): Promise<string | undefined> {
  for (const name of ['show', 'reconnect', 'mount', 'settle']) await perform(name);
  const before = page.requests.length;
  await pass(page, rules, perform, REST_MS);
  if (page.requests.length - before > 1) return 'more than one fetch for what was owed';
  // A first load that failed is the application's to repeat.
  if (page.data() === undefined) await perform('the application fetches');
  await perform('the fetch ends');
  return rules.broken() ?? notAtRest(page);
}

/** Lets time pass; every request is answered with the newest at once. */
async function pass(page: Page, rules: Rules, perform: Perform, ms: number): Promise<void> {
  const { clock } = page;
  const endMs = clock.nowMs() + ms;
  for (;;) {
    while (page.running().length > 0) await perform('the fetch ends');
    const nextMs = clock.nextMs();
    if (nextMs === undefined || nextMs > endMs) break;
    await perform('time passes');
  }
  // Nobody waits for what is repeated for ever, like polls, or looks as if it were; but what it asks for is answered.
  while (clock.nowMs() < endMs) {
    rules.begin(false);
    await clock.advanceTo(Math.min(endMs, clock.nowMs() + STEP_MS));
    rules.check();
    while (page.running().length > 0) await perform('the fetch ends');
  }
}

function notAtRest(page: Page): string | undefined {
  const state = page.state();
  const isFresh = page.data()?.version === page.version;
  if (!isFresh) return 'stale at rest';
  // What the application's own fetch failed at stays marked by TanStack.
  if (state?.isInvalidated && state.status !== 'error') return 'marked at rest';
  if (state?.fetchStatus !== 'idle' || !focusManager.isFocused()) return 'not at rest';
  return undefined;
}
