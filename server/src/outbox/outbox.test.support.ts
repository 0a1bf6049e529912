import type { Invalidation, QueryKey, Room } from '@querycast/protocol';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { type Cache, createCache } from '../cache/cache.js';
import { memoryStore } from '../cache/memory-store.js';
import type { CounterName, GaugeName, Metrics } from '../observability/metrics.js';
import { createPublisher, type Publisher } from '../publisher/publisher.js';
import { captureSql } from './capture.js';
import { createRelay, type Relay, type RelayOptions } from './relay.js';
import type { Change, Signals } from './signal.js';
import type { SqlPool } from './sql-pool.js';
import type { TestDatabase } from './test-database.test.support.js';

/** An envelope as a subscriber of its room heard it. */
export interface Heard {
  readonly room: Room;
  readonly keys: readonly QueryKey[];
}

/** Two captured tables: `orders` of customers, and the `lines` of orders. */
export async function createShopTables(db: Pick<TestDatabase, 'exec'>): Promise<void> {
  await db.exec(`
    CREATE TABLE orders (id int PRIMARY KEY, customer int, secret text);
    CREATE TABLE lines (id int PRIMARY KEY, customer int);
  `);
  await db.exec(
    captureSql({
      tables: [
        { table: 'orders', key: ['id'], columns: ['customer'] },
        { table: 'lines', key: ['id'], columns: ['customer'] },
      ],
    }),
  );
}

function customersOf(changes: readonly Change[]): number[] {
  const images = changes.flatMap((change) => [change.old, change.new]);
  return [...new Set(images.map((image) => image?.['customer']).filter((each) => typeof each === 'number'))];
}

function signalOf(root: string) {
  return async (changes: readonly Change[]) => {
    const customers = customersOf(changes);
    return {
      evict: customers.map((customer) => `shop:${customer}`),
      push: customers.map((customer) => ({ room: `customer:${customer}` as const, keys: [[root] as const] })),
    };
  };
}

/** The customer of before and of after hears of both; `greeting` is an explicit call. */
export const SIGNALS: Signals = {
  orders: signalOf('orders'),
  lines: signalOf('lines'),
  greeting: signalOf('greeting'),
};

/** Everything behind the outbox, real, with switches for what may fail. */
export interface Shop {
  readonly pool: SqlPool;
  readonly cache: Cache;
  readonly publisher: Publisher;
  /** Envelopes that left, in order. */
  readonly heard: Heard[];
  /** Invalidations the publisher was asked for, whether they counted or not. */
  readonly asked: Invalidation[];
  readonly evicted: string[];
  readonly counts: Map<string, number>;
  brokerDown: boolean;
  cacheDown: boolean;
  /** Milliseconds; all relays and the broker go by it. */
  now: number;
  relay(options?: Partial<RelayOptions>): Relay;
  /** Says whether the broker is reachable, and under which life. */
  readonly broker: Pick<Broker, 'onLive'>;
  /** The broker no longer answers, and says so. */
  loseBroker(): void;
  /** The broker answers again, and says so. */
  reviveBroker(): void;
  /** Another broker answers from now on, by default one that knows nothing; answers the one before. */
  replaceBroker(by?: Broker): Promise<Broker>;
  close(): Promise<void>;
}

export async function openBehind({ pool }: Pick<TestDatabase, 'pool'>, rooms: readonly Room[]): Promise<Shop> {
  let broker: Broker = createMemoryBroker();
  const brokers = new Set<Broker>([broker]);
  const listeners = new Set<Parameters<Broker['onLive']>[0]>();
  const tell = (listen: Parameters<Broker['onLive']>[0]) => broker.onLive(listen)();
  const relays: Relay[] = [];
  const store = memoryStore();
  const counts = new Map<string, number>();
  const note = (name: CounterName | GaugeName, labels: object, value: (before: number) => number) => {
    const series = [name, ...Object.values(labels)].join(' ');
    counts.set(series, value(counts.get(series) ?? 0));
  };
  const metrics: Metrics = {
    count: (name, labels = {}, by = 1) => note(name, labels, (before) => before + by),
    gauge: (name, value) => note(name, {}, () => value),
    observe() {},
  };

  async function cacheAnswers(): Promise<void> {
    if (shop.cacheDown) throw new Error('connection refused');
  }

  const shop: Shop = {
    pool,
    cache: createCache({
      store: {
        ...store,
        get: (keys) => cacheAnswers().then(() => store.get(keys)),
        replace: (key, replacement) => cacheAnswers().then(() => store.replace(key, replacement)),
        async set(key, value, ttlMs) {
          await cacheAnswers();
          if (key.endsWith(':gen')) shop.evicted.push(key.slice(0, -':gen'.length));
          await store.set(key, value, ttlMs);
        },
      },
    }),
    publisher: {
      invalidate(invalidation, options) {
        shop.asked.push(invalidation);
        const { append } = broker;
        const reached: Broker = {
          ...broker,
          append: (each) => (shop.brokerDown ? Promise.reject(new BrokerUnavailableError()) : append(each)),
        };
        return createPublisher({ broker: reached }).invalidate(invalidation, options);
      },
    },
    heard: [],
    asked: [],
    evicted: [],
    counts,
    brokerDown: false,
    cacheDown: false,
    now: Date.now(),
    relay(options = {}) {
      const { cache, publisher } = shop;
      const clock = () => shop.now;
      // A poll that never comes: what a test does not ask for does not happen.
      const relay = createRelay({
        pool,
        cache,
        publisher,
        clock,
        metrics,
        signals: SIGNALS,
        pollMs: 1e9,
        ...options,
      });
      relays.push(relay);
      return relay;
    },
    broker: {
      onLive(listen) {
        listeners.add(listen);
        tell(listen);
        return () => listeners.delete(listen);
      },
    },
    loseBroker() {
      shop.brokerDown = true;
      for (const listen of listeners) listen(false);
    },
    reviveBroker() {
      shop.brokerDown = false;
      for (const listen of listeners) tell(listen);
    },
    async replaceBroker(by = createMemoryBroker({ clock: () => shop.now })) {
      const before = broker;
      broker = by;
      if (!brokers.has(by)) {
        brokers.add(by);
        for (const room of rooms) await by.subscribe(room, ({ keys }) => shop.heard.push({ room, keys }));
      }
      return before;
    },
    async close() {
      await Promise.all(relays.map((relay) => relay.close()));
      await Promise.all([...brokers].map((each) => each.close()));
    },
  };
  await shop.replaceBroker();
  return shop;
}
