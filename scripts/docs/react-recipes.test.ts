// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveQueryProvider } from '@querycast/react';
import { QueryClient, QueryClientProvider, QueryObserver, useQuery } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { type ComponentType, createElement } from 'react';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ROOT } from '../setup/root.mjs';
import { codeBlocks } from './code-blocks.js';
import { loadable, openShop, rest, type Shop, settle } from './docs-page.js';

const blocks = codeBlocks(readFileSync(join(ROOT, 'docs/react.md'), 'utf8'));
const { load, remove } = loadable(blocks);

let shop: Shop;
let queryClient: QueryClient;
/** Every text that was ever on the page, without repetitions. */
let shown: string[];

/** A part of the page, in an app with the gateway in memory. */
function show<Props extends object>(Part: ComponentType<Props>, props: Props): void {
  const provided = { getToken: () => 'token', transport: shop.live, random: () => 0 };
  const app = createElement(LiveQueryProvider, provided, createElement(Part, props));
  render(createElement(QueryClientProvider, { client: queryClient }, app));
}

const text = () => document.body.textContent ?? '';
const line = () => document.querySelector('p')?.textContent;
const click = (name: string) => act(() => screen.getByText(name).click());
const change = (orders: string[]) => {
  shop.orders = orders;
  act(() => shop.live.invalidate(['orders']));
};

beforeEach(() => {
  vi.useFakeTimers();
  shop = openShop();
  queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  shown = [];
});

afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

afterAll(remove);

/** The blocks that are run elsewhere. */
const ELSEWHERE = ['before', 'app', 'testing'];

/** What is shown of each of the others. */
const recipes: Record<string, () => Promise<void>> = {
  status: async () => {
    const { LiveBadge } = await load('status');
    show(LiveBadge, {});
    expect(text()).toBe('Connecting');
    await settle();
    expect(text()).toBe('Live');
    act(() => shop.live.setLive(false));
    expect(text()).toBe('Connection lost, trying again');
    await rest();
    expect(text()).toBe('Connection lost, updated now and then');
    act(() => shop.live.setLive(true));
    expect(text()).toBe('Live');
    act(() => shop.live.evict());
    expect(screen.getByText('You were logged out').getAttribute('href')).toBe('/login');
  },

  optimistic: async () => {
    const { useAddOrder } = await load('optimistic');
    let take = (_isTaken: boolean) => {};
    shop.take = async (order) => {
      if (!(await new Promise<boolean>((resolve) => (take = resolve)))) throw new Error('sold out');
      shop.orders = [...shop.orders, order];
    };
    show(() => {
      const queryFn = async (): Promise<string[]> => (await fetch('/api/orders')).json();
      const { data = [] } = useQuery({ queryKey: ['orders'], queryFn });
      const { mutate } = useAddOrder();
      if (shown.at(-1) !== data.join(', ')) shown.push(data.join(', '));
      return createElement('button', { type: 'button', onClick: () => mutate('Coffee') }, 'Add');
    }, {});
    await rest();
    click('Add');
    await settle();
    change(['Tea', 'Milk']);
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    take(true);
    await rest();
    expect(shown).toEqual(['', 'Tea', 'Tea, Coffee', 'Tea, Milk, Coffee']);

    // Sold out: taken back at once, not only when the answer to what is fetched then comes.
    click('Add');
    await settle();
    expect(shown.at(-1)).toBe('Tea, Milk, Coffee, Coffee');
    shop.hold();
    take(false);
    await rest();
    expect(shown.at(-1)).toBe('Tea, Milk, Coffee');
    shop.release();
    await rest();

    // What the shop makes of an order shows even if it announces nothing.
    click('Add');
    await settle();
    shop.orders = ['Tea'];
    take(true);
    await rest();
    expect(shown.at(-1)).toBe('Tea, Coffee');
  },

  infinite: async () => {
    const { HistoryList } = await load('infinite');
    let year = '2025';
    shop.answers.set('/api/history?page=0', () => ({ lines: [`${year} a`], next: 1 }));
    shop.answers.set('/api/history?page=1', () => ({ lines: [`${year} b`], next: null }));
    show(HistoryList, {});
    await rest();
    click('More');
    await rest();
    expect(text()).toBe('2025 a, 2025 b');
    year = '2026';
    act(() => shop.live.invalidate(['history']));
    await rest();
    expect(text()).toBe('2026 a, 2026 b');
  },

  suspense: async () => {
    const { OrdersPanel } = await load('suspense');
    shop.hold();
    show(OrdersPanel, {});
    await settle();
    expect(text()).toBe('Loading');
    change(['Tea', 'Coffee']);
    shop.release();
    await rest();
    expect(text()).toBe('Tea, Coffee');
    shop.hold();
    change(['Milk']);
    await settle();
    expect(text()).toBe('Tea, Coffee');
    shop.release();
    await rest();
    expect(text()).toBe('Milk');
  },

  hydration: async () => {
    const { Page, renderOnServer } = await load('hydration');
    const { html, state } = await renderOnServer();
    expect(html).toBe('<p>Tea</p>');
    shop.orders = ['Coffee'];
    // The connection comes later than the data was made.
    await vi.advanceTimersByTimeAsync(1_000);
    render(createElement(Page, { queryClient, state, transport: shop.live }));
    expect(text()).toBe('Tea');
    expect(shop.requests).toEqual([]);
    await rest();
    expect(text()).toBe('Coffee');
    expect(shop.requests).toEqual(['GET /api/orders']);
  },

  room: async () => {
    const { Timetable } = await load('room');
    let lessons = 'Maths';
    shop.answers.set('/api/classes/7b/timetable', () => lessons);
    show(Timetable, { classId: '7b' });
    await rest();
    expect(shop.live.rooms).toEqual(['shop:7', 'class:7b']);
    lessons = 'Music';
    act(() => shop.live.invalidate(['timetable', '7b'], { room: 'class:7b' }));
    await rest();
    expect(line()).toBe('"Music"');
    shop.mayJoin = () => false;
    act(() => shop.live.cut());
    await rest();
    expect(line()).toBe('"Music" (reload to see changes)');
  },

  session: async () => {
    const { SessionProvider } = await load('session');
    const page = (session: object | null) =>
      createElement(
        QueryClientProvider,
        { client: queryClient },
        createElement(SessionProvider, { session, transport: shop.live }, null),
      );
    const { rerender } = render(page(null));
    await rest();
    expect(shop.live.tokens).toEqual([]);
    queryClient.setQueryData(['of'], 'nobody');
    rerender(page({ userId: 1, token: 'first', refresh: async () => 'newer' }));
    await settle();
    queryClient.setQueryData(['of'], 'Olga');
    act(() => shop.live.expire());
    await settle();
    act(() => shop.live.refuse('token_expired'));
    act(() => shop.live.cut());
    await rest();
    expect(shop.live.tokens).toEqual(['first', 'newer', 'first', 'newer']);
    rerender(page(null));
    expect(shop.live.rooms).toEqual([]);
    expect(queryClient.getQueryData(['of'])).toBeUndefined();
  },

  'without-react': async () => {
    const { keepFresh } = await load('without-react');
    const stop = keepFresh(queryClient, 'token', shop.live);
    const queryFn = async (): Promise<string[]> => (await fetch('/api/orders')).json();
    const observer = new QueryObserver(queryClient, { queryKey: ['orders'], queryFn });
    const unsubscribe = observer.subscribe(() => {});
    await rest();
    change(['Coffee']);
    await rest();
    expect(queryClient.getQueryData(['orders'])).toEqual(['Coffee']);
    stop();
    expect(shop.live.rooms).toEqual([]);
    unsubscribe();
  },

  story: async () => {
    let orders = ['Tea'];
    vi.stubGlobal('fetch', async () => Response.json(orders));
    const { OrdersStory } = await load('story');
    render(createElement(OrdersStory));
    await rest();
    expect(line()).toBe('Tea');
    orders = ['Coffee'];
    click('A change');
    await rest();
    expect(line()).toBe('Coffee');
  },
};

it.each(blocks.map(({ name }) => name).filter((name) => !ELSEWHERE.includes(name)))(
  'the example "%s" works',
  (name) => recipes[name]?.() ?? Promise.reject(new Error('nothing runs this block')),
);
