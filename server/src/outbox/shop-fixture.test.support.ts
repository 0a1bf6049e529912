import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createShopTables, openBehind, type Shop } from './outbox.test.support.js';
import type { RelayOptions } from './relay.js';
import type { SqlPool } from './sql-pool.js';
import type { OpenTestDatabase, TestDatabase } from './test-database.test.support.js';

/** An empty shop for each test, on one database. */
export interface ShopFixture {
  readonly db: TestDatabase;
  readonly shop: Shop;
  /** Lets a relay do all that is due. */
  work(options?: Partial<RelayOptions>): Promise<void>;
  /** A gate that opens at the end of the test at the latest, so that no relay is waited for in vain. */
  gate(): Gate;
  /** The outbox. */
  rows(): Promise<Record<string, unknown>[]>;
}

/** Opens and closes it around the tests of the file that calls this. */
export function useShop(open: OpenTestDatabase): ShopFixture {
  let db: TestDatabase;
  let shop: Shop;
  let gates: Gate[] = [];

  beforeAll(async () => {
    db = await open();
    await createShopTables(db);
  }, 60_000);

  beforeEach(async () => {
    await db.exec('DELETE FROM orders; DELETE FROM lines; DELETE FROM public.querycast_outbox');
    shop = await openBehind(db, ['customer:1', 'customer:2', 'customer:3']);
  });

  afterEach(async () => {
    for (const gate of gates) gate.open();
    gates = [];
    await shop.close();
  });
  afterAll(() => db.close());

  return {
    get db() {
      return db;
    },
    get shop() {
      return shop;
    },
    async work(options = {}) {
      const relay = shop.relay(options);
      await relay.start();
      await relay.settled();
      await relay.close();
    },
    gate() {
      const gate = createGate();
      gates.push(gate);
      return gate;
    },
    async rows() {
      const { rows } = await db.query('SELECT * FROM public.querycast_outbox ORDER BY id');
      return rows;
    },
  };
}

/** A pool that tells what went through it. */
export interface WatchedPool extends SqlPool {
  /** Resolves when nothing is under way, and nothing follows what was. */
  idle(): Promise<void>;
  /** How many statements held `text`. */
  count(text: string): number;
}

export function watchedPool(pool: SqlPool): WatchedPool {
  const underWay = new Set<Promise<unknown>>();
  const statements: string[] = [];
  return {
    query(text, params) {
      statements.push(text);
      const answer = pool.query(text, params);
      underWay.add(answer);
      const end = () => void underWay.delete(answer);
      answer.then(end, end);
      return answer;
    },
    async idle() {
      do {
        await Promise.allSettled(underWay);
        await new Promise((resolve) => setImmediate(resolve));
      } while (underWay.size > 0);
    },
    count: (text) => statements.filter((statement) => statement.includes(text)).length,
  };
}

/** A pool that fails at the statement that holds `text`. */
export function poolThatFails(pool: SqlPool, text: string): SqlPool {
  return {
    query: (statement, params) =>
      statement.includes(text) ? Promise.reject(new Error('terminated')) : pool.query(statement, params),
  };
}

/** A place where whoever comes waits until it is opened. */
export interface Gate {
  /** Resolves when somebody came. */
  readonly reached: Promise<void>;
  enter(): Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let arrive: () => void = () => {};
  let open: () => void = () => {};
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    reached,
    open: () => open(),
    enter() {
      arrive();
      return opened;
    },
  };
}
