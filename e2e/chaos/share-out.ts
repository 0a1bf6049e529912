import { expect } from 'vitest';
import { counter } from '../support/api.js';
import type { PlatformProcess } from '../support/platform-process.js';
import type { Page } from './page.js';
import { type Place, soon } from './place.js';

/** The part of all pages that a node has at least, else nothing that happens to it would show. */
const A_FAIR_PART = 0.2;

/** Until nginx uses a node again that was away, and chance has shared out the pages, in milliseconds. */
const SHARED_WITHIN_MS = 60_000;

/**
 * Sees to it that the first node has a fair part of the pages: whoever was away has lost its pages for good, and nginx, which
 * takes turns, gives all of them to one node when each asks it for two things. Breaks their connections until it is so;
 * resolves when all are live again.
 */
export async function shareOut({ nodes: [node], wires }: Place, pages: readonly Page[]): Promise<void> {
  const isFair = async () => (await connectedTo(node)) >= pages.length * A_FAIR_PART;
  if (await isFair()) return;
  await soon(async () => {
    wires.pages.cut();
    wires.pages.mend();
    await soon(() => expect(pages.filter((page) => page.state() !== 'live').map((page) => page.explain())).toEqual([]));
    expect(await isFair()).toBe(true);
  }, SHARED_WITHIN_MS);
}

/** How many pages are connected to a node. */
export function connectedTo(node: PlatformProcess): Promise<number> {
  return counter({ nodes: [node] }, 'sessions');
}
