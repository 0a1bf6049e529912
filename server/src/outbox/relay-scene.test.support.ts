import { once } from 'node:events';
import {
  type PostgresServer,
  type RedisServer,
  type RedisServerOptions,
  startPostgres,
  startRedis,
} from '@querycast/test-servers';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { becomes, type ConnectedBroker, connectBroker } from '../broker/redis-broker.test.support.js';
import { createCache } from '../cache/cache.js';
import { deferred } from '../cache/cache.test.support.js';
import { redisStore } from '../cache/redis-store.js';
import { createPublisher } from '../publisher/publisher.js';
import { redisCommands } from '../redis/connect.js';
import { ORDER_SIGNALS, ownerOf } from './order-signals.test.support.js';
import { createShopTables } from './outbox.test.support.js';
import { createRelay, type Relay, type RelayOptions } from './relay.js';
import { type RelayProcess, type RelayProcessOptions, startRelayProcess } from './relay-process.test.support.js';

/** The servers of a scene. */
export interface SceneServers {
  /** Of the log; default: nothing is persisted. */
  readonly log?: RedisServerOptions['config'];
  /** Whether the cache has a server of its own. By default it has not: one server knows the order of everything. */
  readonly ownCache?: boolean;
}

/** Captured orders of a shop, a log, a cache, and relays between them: all real. */
export interface RelayScene {
  /** For whoever writes. */
  readonly pool: Pool;
  readonly log: RedisServer;
  readonly cacheServer: RedisServer;
  /** For whoever listens. */
  readonly connected: ConnectedBroker;
  /** A relay in a process of its own, at work; it is killed at the end of the test at the latest. */
  start(options?: Pick<RelayProcessOptions, 'stopAt' | 'nth' | 'relay'>): Promise<RelayProcess>;
  /** A relay in this process, which nobody has started; it is closed at the end of the test. */
  relay(options?: Partial<RelayOptions>): Relay;
  /** Lets the claims of all relays end now, as time would those of the ones that are gone. */
  endClaims(): Promise<void>;
  /** How many orders the cache answers that a customer has. */
  read(customer: number, page?: string): Promise<number>;
  /** Begins such a read: the database is asked now, and what it says gets to the cache with `finish`. */
  readSlowly(customer: number, page: string): Promise<{ finish(): Promise<number> }>;
  /** The outbox. */
  rows(): Promise<Record<string, unknown>[]>;
  /** Called when the test has ended, the last first. */
  afterwards(close: () => unknown): void;
}

/** Longer than any test: no claim ends by itself, however busy the machine is. */
export const LONG_CLAIM_MS = 300_000;

/** Opens scenes, and closes them after each test of the file that calls this. */
export function useRelayScenes(): { open(servers?: SceneServers): Promise<RelayScene> } {
  const closers: (() => unknown)[] = [];
  let postgres: PostgresServer;

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  afterAll(() => postgres.close());

  return {
    async open({ log: config, ownCache = false } = {}) {
      const later = <T>(value: T, close: (value: T) => unknown): T => {
        closers.push(() => close(value));
        return value;
      };
      const databaseUrl = postgres.url(await postgres.createDatabase());
      const pool = later(new Pool({ connectionString: databaseUrl }), (each) => each.end());
      await createShopTables({ exec: (script) => pool.query(script) });
      const log = later(await startRedis(config && { config }), (each) => each.close());
      const cacheServer = ownCache ? later(await startRedis(), (each) => each.close()) : log;
      const connected = later(connectBroker({ url: log.url }), (each) => each.close());
      const client = later(redisCommands({ url: cacheServer.url }), (each) => each.disconnect());
      await Promise.all([becomes(connected.broker, true), once(client, 'ready')]);
      const cache = createCache({ store: redisStore(client) });
      const { broker, prefix } = connected;

      async function countOrders(customer: number): Promise<number> {
        const { rows } = await pool.query('SELECT count(*)::int AS count FROM orders WHERE customer = $1', [customer]);
        return rows[0].count;
      }

      function read(customer: number, page: string, compute: () => Promise<number>): Promise<number> {
        const owner = ownerOf(customer);
        return cache.getOrCompute({ owner, key: `${owner}:${page}`, ttlMs: 600_000, compute });
      }

      return {
        pool,
        log,
        cacheServer,
        connected,
        async start(options = {}) {
          const urls = { databaseUrl, logUrl: log.url, cacheUrl: cacheServer.url, prefix };
          const relay = { claimMs: LONG_CLAIM_MS, ...options.relay };
          return later(await startRelayProcess({ ...urls, ...options, relay }), (each) => each.kill());
        },
        relay(options = {}) {
          const publisher = createPublisher({ broker });
          const parts = { pool, cache, publisher, broker, signals: ORDER_SIGNALS, claimMs: LONG_CLAIM_MS };
          return later(createRelay({ ...parts, ...options }), (each) => each.close());
        },
        async endClaims() {
          await pool.query('UPDATE querycast_outbox SET claimed_until = now() WHERE claimed_by IS NOT NULL');
        },
        read: (customer, page = 'page') => read(customer, page, () => countOrders(customer)),
        async readSlowly(customer, page) {
          const [asked, finish] = [deferred<void>(), deferred<void>()];
          const answer = read(customer, page, async () => {
            const count = await countOrders(customer);
            asked.resolve();
            await finish.promise;
            return count;
          });
          await asked.promise;
          return {
            finish() {
              finish.resolve();
              return answer;
            },
          };
        },
        async rows() {
          return (await pool.query('SELECT * FROM querycast_outbox ORDER BY id')).rows;
        },
        afterwards: (close) => void closers.push(close),
      };
    },
  };
}
