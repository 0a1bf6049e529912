import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMemoryTransport, type MemoryTransport } from '@querycast/react/testing';
import { act } from '@testing-library/react';
import { vi } from 'vitest';
import { ROOT } from '../setup/root.mjs';
import { type CodeBlock, writeProject } from './code-blocks.js';

/** The examples of a page as modules; they lie inside the repository, where imports resolve as in an application. */
export function loadable(blocks: readonly CodeBlock[]) {
  const folder = join(ROOT, '.cache', `docs-page-${process.pid}-${Math.random()}`);
  writeProject(folder, blocks);
  return {
    load: (name: string) => {
      const block = blocks.find((other) => other.name === name);
      if (!block) throw new Error(`the page has no block "${name}"`);
      return import(/* @vite-ignore */ pathToFileURL(join(folder, `${name}.${block.language}`)).href);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A backend that tells a gateway in memory what it changes. */
export interface Shop {
  readonly live: MemoryTransport;
  orders: string[];
  /** What was asked for, oldest first: `GET /api/orders`. */
  readonly requests: string[];
  /** From now on answers wait; what they hold was read when the request came. */
  hold(): void;
  release(): void;
  /** Other answers, by path. */
  readonly answers: Map<string, () => unknown>;
  /** Takes an order; default: at once. */
  take: (order: string) => void | Promise<void>;
  /** Whether a further room is given; default: each is. */
  mayJoin: () => boolean;
}

/** Opens a shop and makes its API the `fetch` of the page. */
export function openShop(): Shop {
  let release = () => {};
  let gate = Promise.resolve();
  const shop: Shop = {
    live: createMemoryTransport({ rooms: ['shop:7'], mayJoin: () => shop.mayJoin() }),
    orders: ['Tea'],
    requests: [],
    hold: () => {
      gate = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
    answers: new Map(),
    take: (order) => {
      shop.orders = [...shop.orders, order];
    },
    mayJoin: () => true,
  };
  vi.stubGlobal('fetch', async (input: string, { method = 'GET', body }: { method?: string; body?: string } = {}) => {
    shop.requests.push(`${method} ${input}`);
    const headers = { 'Querycast-Position': shop.live.header() };
    if (method === 'POST') await shop.take(body ?? '');
    const answer = (shop.answers.get(input) ?? (() => shop.orders))();
    await gate;
    return Response.json(answer, { headers });
  });
  return shop;
}

/** Lets ten seconds pass, in which everything comes to rest. Needs fake timers. */
export async function rest(): Promise<void> {
  // React renders at the end of an `act`: what a component does then needs time as well.
  for (const ms of [5_000, 5_000]) await act(() => vi.advanceTimersByTimeAsync(ms));
}

/** Lets everything happen that needs no time. Needs fake timers. */
export const settle = () => act(() => vi.advanceTimersByTimeAsync(0));

/** Hides or shows the page. */
export function setHidden(isHidden: boolean): void {
  Object.defineProperty(document, 'visibilityState', { configurable: true, value: isHidden ? 'hidden' : 'visible' });
  act(() => {
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
}
