import type { QueryKey, Room } from '@querycast/protocol';
import type { SqlPool } from './sql-pool.js';

/** What happened to a row; `call` is an explicit call recorded by the application. */
export type Operation = 'insert' | 'update' | 'delete' | 'call';

/** A row image: the captured columns by name, or the payload of a call. Integers beyond 2^53-1 lose digits. */
export type RowImage = Readonly<Record<string, unknown>>;

/** One committed change, as the outbox recorded it. */
export interface Change {
  /** Id of the outbox row. */
  readonly id: string;
  /** The transaction that made the change. */
  readonly transaction: string;
  /** The captured table as named in `captureSql`, or the name of the call. */
  readonly source: string;
  readonly operation: Operation;
  /** The row before: of an update or a delete. */
  readonly old: RowImage | null;
  /** The row after: of an insert or an update; the payload of a call. */
  readonly new: RowImage | null;
}

/** The query keys that went stale for one room. */
export interface Push {
  readonly room: Room;
  readonly keys: readonly QueryKey[];
}

/** What the broker acknowledged for one room. */
export interface PublishedPush extends Push {
  /** Ids of the outbox rows that it announces, in their order. */
  readonly rows: readonly string[];
  /** How long ago the first of them was written, in milliseconds, by the clock that wrote it. */
  readonly ageMs: number;
}

/** Who is affected by changes: caches to evict, then rooms to tell. Either list may be empty. */
export interface Stale {
  /** Owners as given to `cache.getOrCompute`. */
  readonly evict: readonly string[];
  readonly push: readonly Push[];
}

/**
 * Answers who is affected by the changes of one source in one transaction. Called at least once per change, outside any
 * transaction, after the commit: it reads the database as it is then, and takes the audience of before from `old`.
 * Must be idempotent. When it rejects, the changes are tried again, later one by one, and in the end set aside.
 */
export type Signal = (changes: readonly Change[], pool: SqlPool) => Promise<Stale>;

/** The signals of an application, by captured table or name of a call. */
export type Signals = Readonly<Record<string, Signal>>;
