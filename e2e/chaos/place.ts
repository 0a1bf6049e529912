import {
  type NginxServer,
  type PostgresServer,
  type RedisServer,
  startNginx,
  startPostgres,
  startRedis,
  startSentinel,
} from '@querycast/test-servers';
import { expect, vi } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.js';
import { type PlatformProcess, startPlatformProcess } from '../support/platform-process.js';
import { type HandWrittenProcess, startHandWritten } from './hand-written-process.js';

/** Everything that can break: real processes, and the wires between them. */
export interface Place {
  readonly nodes: readonly [PlatformProcess, PlatformProcess];
  readonly handWritten: HandWrittenProcess;
  readonly postgres: PostgresServer;
  /** The two servers of the log, of which a Sentinel makes one the master. */
  readonly redis: readonly [RedisServer, RedisServer];
  readonly sentinel: RedisServer;
  readonly cacheRedis: RedisServer;
  readonly wires: Wires;
  /** Of the database, past its wire. */
  readonly databaseUrl: string;
  close(): Promise<void>;
}

/** Each leads to what it is named after. */
export interface Wires {
  /** From pages to the balancer. */
  readonly pages: FaultProxy;
  /** From pages to what is written by hand. */
  readonly handWritten: FaultProxy;
  /** From everybody, Sentinel included, to either server of the log. */
  readonly redis: readonly [FaultProxy, FaultProxy];
  readonly cacheRedis: FaultProxy;
  /** From the nodes. */
  readonly database: FaultProxy;
}

/** The name that Sentinel knows the servers of the log by. */
export const REDIS_NAME = 'log';

/** How long a master must be silent until Sentinel changes it, in milliseconds, in the fault that is about that. */
export const CHANGED_AFTER_MS = 2_000;
/** And in all others: never, however long they last on a slow machine. */
export const NEVER_CHANGED_AFTER_MS = 3_600_000;
/** How long a step of a change of the master may take, in milliseconds, until Sentinel gives it up. */
const GIVEN_UP_AFTER_MS = 10_000;

/** Tries until it passes: for getting somewhere; what is promised has deadlines of its own. */
export function soon(attempt: () => unknown, withinMs = 30_000): Promise<unknown> {
  return vi.waitFor(attempt, { timeout: withinMs, interval: 50 });
}

/** Starts it all, with nobody in the database but the people of the demo. */
export async function startPlace(): Promise<Place> {
  const postgres = await startPostgres();
  const [one, other, cacheRedis] = await Promise.all([startLog(), startLog(), startRedis(CACHE)]);
  const wires = {
    redis: await Promise.all([startFaultProxy(one.url), startFaultProxy(other.url)]),
    cacheRedis: await startFaultProxy(cacheRedis.url),
    database: await startFaultProxy(`http://127.0.0.1:${postgres.port}`),
  };
  const sentinel = await replicate([one, other], wires.redis);
  const databaseUrl = postgres.url(await postgres.createDatabase());
  const sentinelUrl = `redis://127.0.0.1:${sentinel.port}`;
  const variables = {
    DATABASE_URL: databaseUrl.replace(`:${postgres.port}/`, `:${wires.database.port}/`),
    REDIS_SENTINEL_URLS: sentinelUrl,
    REDIS_SENTINEL_NAME: REDIS_NAME,
    CACHE_REDIS_URL: `redis://127.0.0.1:${wires.cacheRedis.port}`,
    LOG_LEVEL: 'info',
  };
  // One after the other: the first makes the schema.
  const nodes = [await startPlatformProcess(variables), await startPlatformProcess(variables)] as const;
  const nginx = await startNginx({ upstreams: nodes.map(({ port }) => port) });
  const handWritten = await startHandWritten(sentinelUrl, REDIS_NAME);
  const pages = await startFaultProxy(nginx.url);
  const toHandWritten = await startFaultProxy(handWritten.url);
  return {
    nodes,
    handWritten,
    postgres,
    redis: [one, other],
    sentinel,
    cacheRedis,
    wires: { ...wires, pages, handWritten: toHandWritten },
    databaseUrl,
    close: () =>
      closeAll(
        [pages, toHandWritten, nginx, handWritten, ...nodes],
        [sentinel, one, other, cacheRedis],
        wires,
        postgres,
      ),
  };
}

const CACHE = { config: { maxmemory: '64mb', 'maxmemory-policy': 'allkeys-lru' } };

/** As docs/operations.md advises, so that what a restart loses is what it would lose in production. */
function startLog(): Promise<RedisServer> {
  return startRedis({ config: { appendonly: 'yes', appendfsync: 'everysec' } });
}

/** Makes the second server a replica of the first one, known to each other and to the Sentinel by their wires alone. */
async function replicate(
  servers: readonly [RedisServer, RedisServer],
  wires: readonly [FaultProxy, FaultProxy],
): Promise<RedisServer> {
  for (const [index, server] of servers.entries()) {
    await server.cli('CONFIG', 'SET', 'replica-announce-ip', '127.0.0.1');
    await server.cli('CONFIG', 'SET', 'replica-announce-port', String(wires[index]?.port));
    await server.cli('CONFIG', 'REWRITE');
  }
  const [master, replica] = servers;
  await replica.cli('REPLICAOF', '127.0.0.1', String(wires[0].port));
  await replica.cli('CONFIG', 'REWRITE');
  await soon(async () => expect(await replica.cli('INFO', 'replication')).toContain('master_link_status:up'));
  const sentinel = await startSentinel({
    name: REDIS_NAME,
    masterPort: wires[0].port,
    downAfterMs: NEVER_CHANGED_AFTER_MS,
    failoverTimeoutMs: GIVEN_UP_AFTER_MS,
  });
  // It looks ten times as often as it does by default, and makes a former master a replica as much sooner.
  await sentinel.cli('SENTINEL', 'DEBUG', 'info-period', '1000', 'publish-period', '500');
  await soon(async () =>
    expect(await sentinel.cli('SENTINEL', 'REPLICAS', REDIS_NAME)).toContain(String(wires[1].port)),
  );
  await soon(async () => expect(await master.cli('INFO', 'replication')).toContain('connected_slaves:1'));
  return sentinel;
}

type Closable = Pick<NginxServer, 'close'>;

/** Those who use something before what they use. */
async function closeAll(
  users: Closable[],
  servers: Closable[],
  wires: Partial<Wires>,
  postgres: Closable,
): Promise<void> {
  for (const each of [...users, ...servers]) await each.close();
  for (const each of Object.values(wires).flat()) await each.close();
  await postgres.close();
}
