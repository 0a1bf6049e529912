// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { act, cleanup, render, screen } from '@testing-library/react';
import { type ComponentType, createElement } from 'react';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ROOT } from '../setup/root.mjs';
import { codeBlocks } from './code-blocks.js';
import { loadable, openShop, rest, type Shop, setHidden, settle } from './docs-page.js';

/** The listeners that the app by hand has on its socket: this wire, too, is in the hands of the test. */
const listeners = vi.hoisted(() => new Set<() => void>());
vi.mock('socket.io-client', () => ({
  io: () => ({
    on: (_event: string, listener: () => void) => listeners.add(listener),
    disconnect: () => listeners.clear(),
  }),
}));

const { load, remove } = loadable(codeBlocks(readFileSync(join(ROOT, 'docs/react.md'), 'utf8')));
const apps = { byHand: await load('before'), library: await load('app') };
const people = [
  { id: 1, token: 'olga' },
  { id: 2, token: 'ivan' },
] as const;

let shop: Shop;
let isCut = false;

/** One of the two apps, and what happens to it. */
function open(kind: keyof typeof apps) {
  const App: ComponentType<{ user: object }> = apps[kind].App;
  const page = (user: object) => createElement(App, { user, ...(kind === 'library' && { transport: shop.live }) });
  const { rerender } = render(page(people[0]));
  const isByHand = kind === 'byHand';
  return {
    text: () => document.querySelector('p')?.textContent,
    logIn: (user: object) => rerender(page(user)),
    gets: () => shop.requests.filter((request) => request.startsWith('GET')).length,
    /** What the backend says of a change. */
    announce: () =>
      act(() => {
        if (!isByHand) shop.live.invalidate(['orders']);
        else if (!isCut) for (const listener of listeners) listener();
      }),
    /** The network is gone, or back; Socket.IO and the library reconnect by themselves. */
    cut: (cut: boolean) => {
      isCut = cut;
      act(() => shop.live.setReachable(!cut));
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  shop = openShop();
});

afterEach(() => {
  isCut = false;
  cleanup();
  for (const { queryClient } of Object.values(apps)) queryClient.clear();
  setHidden(false);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

afterAll(remove);

/** Each failure of the page, as what happens and what comes of it: by hand, and with the library. */
const failures: Record<string, [by: (kind: keyof typeof apps) => Promise<unknown>, byHand: unknown, library: unknown]> =
  {
    'Missed while disconnected': [
      async (kind) => {
        const { announce, cut, text } = open(kind);
        await rest();
        cut(true);
        shop.orders = ['Tea', 'Coffee'];
        announce();
        cut(false);
        await rest();
        return text();
      },
      'Tea',
      'Tea, Coffee',
    ],
    'A change during the first load': [
      async (kind) => {
        shop.hold();
        const { announce, text } = open(kind);
        await settle();
        shop.orders = ['Tea', 'Coffee'];
        announce();
        shop.release();
        await rest();
        return text();
      },
      'Tea',
      'Tea, Coffee',
    ],
    'A storm': [
      async (kind) => {
        const { announce, gets, text } = open(kind);
        await rest();
        const before = gets();
        for (let n = 1; n <= 20; n += 1) {
          shop.orders = [`${n} orders`];
          announce();
          await act(() => vi.advanceTimersByTimeAsync(10));
        }
        await rest();
        return [gets() - before, text()];
      },
      [20, '20 orders'],
      [2, '20 orders'],
    ],
    'Hidden tabs fetch': [
      async (kind) => {
        const { announce, gets, text } = open(kind);
        await rest();
        const before = gets();
        setHidden(true);
        for (const order of ['Coffee', 'Milk']) {
          shop.orders = [order];
          announce();
          await rest();
        }
        const whileHidden = gets() - before;
        setHidden(false);
        await rest();
        return [whileHidden, gets() - before, text()];
      },
      [2, 2, 'Milk'],
      [0, 1, 'Milk'],
    ],
    'The own change is fetched twice': [
      async (kind) => {
        const { announce, gets, text } = open(kind);
        await rest();
        const before = gets();
        shop.take = () => {
          shop.orders = ['Tea', 'Coffee'];
          announce();
        };
        shop.hold();
        act(() => screen.getByRole('button').click());
        await settle();
        shop.release();
        await rest();
        return [gets() - before, text()];
      },
      [2, 'Tea, Coffee'],
      [1, 'Tea, Coffee'],
    ],
    'Log-out leaks': [
      async (kind) => {
        const { logIn, text } = open(kind);
        await rest();
        shop.orders = ['Secrets of Ivan'];
        shop.hold();
        logIn(people[1]);
        const shown = text();
        shop.release();
        await rest();
        return [shown, text()];
      },
      ['Tea', 'Tea'],
      ['', 'Secrets of Ivan'],
    ],
  };

describe('what the library removes', () => {
  it.each(Object.entries(failures))('%s', async (_name, [happen, byHand, library]) => {
    expect(await happen('byHand')).toEqual(byHand);
    cleanup();
    isCut = false;
    shop = openShop();
    expect(await happen('library')).toEqual(library);
  });

  it('and a response that holds a change already is not fetched again for it', async () => {
    const { gets, text } = open('library');
    await rest();
    const before = gets();
    // What is announced now is heard late, and meanwhile something else has the page fetch.
    act(() => shop.live.setLive(false));
    shop.orders = ['Tea', 'Coffee'];
    shop.live.invalidate(['orders']);
    shop.hold();
    act(() => void apps.library.queryClient.invalidateQueries({ queryKey: ['orders'] }));
    await settle();
    act(() => shop.live.setLive(true));
    shop.release();
    await rest();
    expect([gets() - before, text()]).toEqual([1, 'Tea, Coffee']);
  });

  it('is all that the page says, and nothing else', () => {
    const page = readFileSync(join(ROOT, 'docs/react.md'), 'utf8');
    expect([...page.matchAll(/^\| \*\*(.+?)\.?\*\*/gm)].map(([, name]) => name)).toEqual(Object.keys(failures));
  });
});
