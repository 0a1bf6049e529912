import type { QueryKey, Room } from '@querycast/protocol';
import type { ApiError } from './errors.js';

/** `GET /api/demo/capabilities`: what this server lets the demo do. */
export interface DemoCapabilities {
  /** Only a node that is alone may be restarted: on several, the clients would simply go to the others. */
  restartGateway: boolean;
}

/** What a transaction did to one captured row, or the explicit call that it made. */
export interface DemoChange {
  /** The captured table, or the name of the call. */
  source: string;
  operation: 'insert' | 'update' | 'delete' | 'call';
  /** The key of the row by column, or what the call was about. */
  row: Record<string, number | string>;
}

/** What one transaction made travel, as far as it concerns people of the demo. */
export interface DemoTravel {
  /** The first ones, in their order. */
  changes: DemoChange[];
  rooms: { room: Room; keys: QueryKey[] }[];
  /** From the moment its first change was captured until the broker had all of it, in milliseconds. */
  publishedAfterMs: number;
  /** Time since that moment when this was sent, in milliseconds: a receiver needs no clock in common with the server. */
  ageMs: number;
}

/** Payload of `travelled` on the socket of the comparison: what was published together. */
export interface DemoTrail {
  /** The newest ones, oldest first. */
  travels: DemoTravel[];
  /** How many more there were. */
  more: number;
}

/** How many of the changes are committed, at least. */
export interface DemoChangesProgress {
  done: number;
  of: number;
}

/**
 * One line of what `POST /api/demo/changes` answers while it runs; the last one has `done` equal to `of`, or says why there
 * are not more.
 */
export type DemoChangesLine = DemoChangesProgress | ApiError;
