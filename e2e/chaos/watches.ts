import { expect } from 'vitest';
import type { Page } from './page.js';
import type { Place } from './place.js';
import { connectedTo } from './share-out.js';

/** Takes stock; what it answers passes once those concerned have noticed since that something is wrong. */
export type Watch = (place: Place, pages: readonly Page[]) => Promise<() => void> | (() => void);

/** Nobody has to notice. */
export const unnoticed: Watch = () => () => {};

/** Every page has noticed. */
export const everyPage: Watch = (_place, pages) => {
  const before = pages.map((page) => page.losses());
  return () =>
    expect(pages.filter((page, index) => page.losses() === before[index]).map((page) => page.explain())).toEqual([]);
};

/** As many pages have noticed as were connected to the first node. */
export const pagesOfTheFirst: Watch = async ({ nodes: [node] }, pages) => {
  const connected = await connectedTo(node);
  const before = pages.map((page) => page.losses());
  return () =>
    expect(pages.filter((page, index) => page.losses() !== before[index]).length).toBeGreaterThanOrEqual(connected);
};

/** Every node has written such a line. */
export function nodesSay(line: RegExp): Watch {
  return ({ nodes }) => {
    const from = nodes.map((node) => node.log.length);
    return () => {
      for (const [index, node] of nodes.entries()) expect(node.log.slice(from[index]).join('\n')).toMatch(line);
    };
  };
}
