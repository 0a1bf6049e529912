import type { Item } from '../model/database.js';
import type { ModelTools } from '../model/redis-server.js';
import { openPage, type Page } from '../product/page.js';
import { createPageFetch } from '../product/page-fetch.js';
import { createWireTransport } from '../product/page-wire.js';
import type { Users } from '../product/users.js';
import type { Places } from './places.js';
import type { Seat } from './seat.js';
import type { Witness } from './witness.js';

/** What people do with their pages. */
export interface Browsing {
  /** Opens a page that shows these items. */
  openPage(seat: Seat, items: readonly Item[]): void;
  closePage(seat: Seat): void;
  /** Shows an item, or hides one that is shown. */
  toggle(seat: Seat, item: Item): void;
  /** Opens the page anew, with what it shows. */
  reload(seat: Seat): void;
}

/** What pages are made of, and who watches them. */
export interface BrowsingOptions {
  readonly tools: ModelTools;
  readonly users: Users;
  readonly witness: Witness;
  readonly places: Places;
}

/** Lets people browse: each thing is done by the process of their page. */
export function createBrowsing(options: BrowsingOptions): Browsing {
  const { time, random } = options.tools;

  const browsing: Browsing = {
    openPage(seat, items) {
      const process = time.spawn(`page-${seat.user}`);
      const seen = options.witness.page(seat.user);
      const open = () => {
        const page = pageOf(options, seat, process, seen);
        seat.page = page;
        for (const item of items) seat.shown.set(item, page.show(item));
      };
      time.after(0, open, process);
    },
    closePage(seat) {
      const { page } = seat;
      if (!page) return;
      seat.page = undefined;
      seat.shown.clear();
      const close = () => {
        page.close();
        // What is left of it runs no more.
        time.after(0, () => time.kill(page.process), time.world);
      };
      time.after(0, close, page.process);
    },
    toggle(seat, item) {
      const { page } = seat;
      if (!page || !options.users.mayRead(seat.user).includes(item.room)) return;
      const act = () => {
        const hide = seat.shown.get(item);
        if (seat.page !== page) return;
        if (!seat.shown.delete(item)) seat.shown.set(item, page.show(item));
        hide?.();
      };
      time.after(0, act, page.process);
    },
    reload(seat) {
      if (!seat.page) return;
      const items = [...seat.shown.keys()];
      browsing.closePage(seat);
      time.after(random.between(5, 200), () => browsing.openPage(seat, items), time.world);
    },
  };
  return browsing;
}

function pageOf(
  { tools, users, places }: BrowsingOptions,
  { user, weather, wires }: Seat,
  process: Page['process'],
  seen: ReturnType<Witness['page']>,
): Page {
  const { route, underway } = places;
  return openPage({
    tools,
    process,
    user,
    own: users.roomsOf(user),
    transport: createWireTransport({
      tools,
      page: process,
      weather,
      route: () => route()?.host,
      wires,
      inspect: seen.message,
    }),
    fetch: createPageFetch({ tools, page: process, user, weather, route, underway, began: seen.request }),
    onEvent: seen.event,
    onBehind: seen.behind,
    onWarning: seen.warning,
  });
}
