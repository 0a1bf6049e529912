import type { Room } from '@querycast/protocol';
import type { Process } from '../chance/virtual-time.js';
import type { ModelTools } from './redis-server.js';
import { ask, type Remote } from './remote.js';

/** One value, of which every commit makes a new version. */
export interface Item {
  readonly room: Room;
  readonly key: string;
}

/** A row of the outbox; it is there from its commit on. */
export interface OutboxRow {
  readonly id: number;
  readonly tx: string;
  readonly item: Item;
  readonly createdAt: number;
  claimedUntil: number | undefined;
  claimedBy: string | undefined;
  attempts: number;
  publishedAt: number | undefined;
  setAsideAt: number | undefined;
  incarnations: readonly string[];
  late: boolean;
  evicted: boolean;
}

/** PostgreSQL as far as anything here asks it: versions, transactions that commit late, the outbox, notifications. */
export interface Database {
  readonly remote: Remote;
  readonly outbox: Map<number, OutboxRow>;
  /** Writes in a transaction that ends after `commitAfterMs`, or is rolled back then. Nothing shows before. */
  write(items: readonly Item[], commitAfterMs: number, isCommitted: boolean): void;
  /** Writes past the outbox; answers whether that was possible. */
  commitNow(item: Item): boolean;
  /** The version that readers see now. */
  version(item: Item): number;
  /** A reader's query, at some moment between its beginning and its end. */
  read(item: Item): Promise<number>;
  /** Calls back at each commit, unless the notification is lost. */
  listen(onWake: () => void): Promise<() => void>;
  /** Runs one statement on the outbox, atomically. */
  query<T>(run: (now: number) => T): Promise<T>;
  /** Ends what a process listened to. */
  forget(process: Process): void;
  losesNotifications: boolean;
}

const TIMEOUT_MS = 5_000;

/** Creates an empty database. */
export function createDatabase(tools: ModelTools): Database {
  const { time, random, trace } = tools;
  const versions = new Map<string, number>();
  const listeners = new Map<() => void, Process>();
  const remote: Remote = { process: time.spawn('database'), isAway: false, slowMs: 400, slowShare: 0.05 };
  let lastId = 0;
  let lastTx = 0;

  const query = <T>(run: () => T) => ask(tools, remote, { away, late, timeoutMs: TIMEOUT_MS }, run);

  function commit(rows: readonly OutboxRow[]): void {
    for (const row of rows) {
      const name = nameOf(row.item);
      versions.set(name, (versions.get(name) ?? 0) + 1);
      database.outbox.set(row.id, row);
    }
    trace(
      'database',
      () => `commits ${rows.map(({ id, item }) => `#${id} ${nameOf(item)} v${database.version(item)}`).join(', ')}`,
    );
    if (database.losesNotifications) return;
    for (const [onWake, process] of listeners) time.after(random.between(0.1, 3), onWake, process);
  }

  const database: Database = {
    remote,
    outbox: new Map(),
    losesNotifications: false,
    write(items, commitAfterMs, isCommitted) {
      if (remote.isAway) return;
      lastTx += 1;
      const rows = items.map((item) => {
        lastId += 1;
        return newRow(lastId, String(lastTx), item, time.wallClock());
      });
      time.after(
        commitAfterMs,
        () => {
          // A server that went away meanwhile took its open transactions with it.
          if (isCommitted && !remote.isAway) commit(rows);
        },
        remote.process,
      );
    },
    commitNow(item) {
      if (remote.isAway) return false;
      versions.set(nameOf(item), database.version(item) + 1);
      trace('database', () => `commits ${nameOf(item)} v${database.version(item)}, past the outbox`);
      return true;
    },
    version: (item) => versions.get(nameOf(item)) ?? 0,
    read: (item) => query(() => database.version(item)),
    async listen(onWake) {
      const listener = time.current();
      await query(() => listeners.set(onWake, listener));
      return () => void listeners.delete(onWake);
    },
    query: (run) => query(() => run(time.wallClock())),
    forget(process) {
      for (const [onWake, owner] of listeners) if (owner === process) listeners.delete(onWake);
    },
  };
  return database;
}

/** One name per item. */
export function nameOf({ room, key }: Item): string {
  return `${room}/${key}`;
}

function newRow(id: number, tx: string, item: Item, createdAt: number): OutboxRow {
  return {
    id,
    tx,
    item,
    createdAt,
    claimedUntil: undefined,
    claimedBy: undefined,
    attempts: 0,
    publishedAt: undefined,
    setAsideAt: undefined,
    incarnations: [],
    late: false,
    evicted: false,
  };
}

function away(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
}

function late(): Error {
  return new Error('Query read timeout');
}
