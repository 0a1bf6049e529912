import type { Item } from '../model/database.js';
import { fairWeather, type Weather } from '../model/pipe.js';
import type { Page } from '../product/page.js';
import type { Wire } from '../product/page-wire.js';

/** A person with a page. */
export interface Seat {
  readonly user: string;
  readonly weather: Weather;
  readonly wires: Set<Wire>;
  page: Page | undefined;
  /** What the page shows, each with the way to hide it. */
  readonly shown: Map<Item, () => void>;
}

/** Somebody who has no page yet. */
export function newSeat(user: string): Seat {
  return { user, weather: fairWeather(), wires: new Set(), page: undefined, shown: new Map() };
}
