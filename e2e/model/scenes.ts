import type { QueryObserverOptions } from '@tanstack/react-query';

/** Where the sequences of events begin, and what they happen to. */
export interface Scene {
  readonly name: string;
  /** How many events the sequences have in a normal run. */
  readonly depth: number;
  /** Whether the first row has come, and whether the query has data; else its first load is under way. */
  readonly isConnected: boolean;
  readonly isLoaded: boolean;
  /** Whether the whole network goes away with the connection. */
  readonly losesNetwork: boolean;
  /** What has happened already. */
  readonly begin?: readonly string[];
  /** Spread of frames, in milliseconds; there are urgent ones, too. */
  readonly spreadMs?: number;
  /** Length of a moment, in milliseconds; by default time passes from one thing that is due to the next. */
  readonly momentMs?: number;
  /** Of the application; by default nothing is fetched but what the product asks for, or a user. */
  readonly queries?: Pick<QueryObserverOptions, 'refetchOnWindowFocus' | 'refetchOnReconnect' | 'networkMode'>;
}

const QUIET = { refetchOnWindowFocus: false, refetchOnReconnect: false } as const;
const BASE = { isConnected: true, isLoaded: true, losesNetwork: false, queries: QUIET } as const;

/** Scenes that every sequence of events is played in. */
export const SCENES: readonly Scene[] = [
  { ...BASE, name: 'a loaded page', depth: 4 },
  { ...BASE, name: 'a first load', depth: 4, isLoaded: false },
  { ...BASE, name: 'before the first row', depth: 4, isConnected: false },
  { ...BASE, name: 'the network goes away', depth: 4, losesNetwork: true },
  { ...BASE, name: 'an application that refetches by itself', depth: 4, losesNetwork: true, queries: {} },
  { ...BASE, name: 'frames with a spread', depth: 4, spreadMs: 4_000 },
  { ...BASE, name: 'a busy query', depth: 4, begin: ['frame', 'the fetch ends'], momentMs: 100 },
];
