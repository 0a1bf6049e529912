import { createCache } from '@querycast/server';
import {
  createRedisBroker,
  type RedisTarget,
  redisAdapter,
  redisCommands,
  redisDoor,
  redisStore,
  redisSubscriber,
} from '@querycast/server/redis';
import { ANSWERS_VERSION } from '../cache/dashboard-entries.js';
import { noCache } from '../cache/no-cache.js';
import { storeOfDatabase } from '../cache/store-of-database.js';
import type { Distributed } from '../config/distributed.js';
import type { Config } from '../config.js';
import { readDatabaseIdentity } from '../db/database-identity.js';
import { openDatabase } from '../db/open-database.js';
import type { Backends, ComposeTools } from './backends.js';
import { checkServers } from './check-servers.js';
import { claimServers } from './claim-servers.js';
import { comparisonAdapter } from './comparison-adapter.js';

/** What a connection is for, in log lines and metrics. */
type RedisName = 'log' | 'control' | 'door' | 'cache' | 'comparison';

/**
 * PostgreSQL and Redis, for any number of nodes. Rejects with `StartError`, when PostgreSQL does not answer, or a Redis
 * is of the wrong kind or another database's; one that does not answer is waited for while everything else works.
 */
export async function distributedBackends(
  config: Config,
  { databaseUrl, redis, cache: cacheTarget, warnings }: Distributed,
  tools: ComposeTools,
): Promise<Backends> {
  const { closers, logger, metrics, fill, onStatement } = tools;
  for (const warning of warnings) logger.warn({ warning }, 'configuration could be better');

  function connect(name: RedisName, open: typeof redisCommands, target: RedisTarget) {
    const client = open(target, { name, logger, metrics });
    // Not `quit`, which waits for an answer: nothing that matters is under way by then.
    closers.add(`redis ${name}`, () => client.disconnect());
    return client;
  }

  const commands = connect('log', redisCommands, redis);
  const broker = createRedisBroker({ commands, subscriber: connect('log', redisSubscriber, redis), logger, metrics });
  closers.add('broker', () => broker.close());
  const cacheClient = cacheTarget && connect('cache', redisCommands, cacheTarget);
  const log = { client: commands, target: redis, use: 'log' } as const;
  const cache = cacheClient && ({ client: cacheClient, target: cacheTarget, use: 'cache' } as const);
  const servers = cache && cacheTarget !== redis ? [log, cache] : [log];
  await checkServers(servers, logger);

  let identity = '';
  const database = await openDatabase({
    url: databaseUrl,
    logger,
    metrics,
    ...(onStatement && { onStatement }),
    async fill(db) {
      identity = await readDatabaseIdentity(db);
      // Before anything that those who are logged in would notice: a node that is refused must leave no trace.
      await claimServers(servers, identity, logger);
      await fill(db);
    },
  });
  closers.add('database', () => database.close());

  return {
    database,
    broker,
    openRooms: broker,
    cache: cacheClient
      ? createCache({
          store: storeOfDatabase(redisStore(cacheClient), `${identity}/${ANSWERS_VERSION}`),
          logger,
          metrics,
        })
      : noCache,
    adapters: {
      gateway: redisAdapter({ commands, subscriber: connect('control', redisSubscriber, redis), logger, metrics }),
      ...(config.demoData && {
        comparison: comparisonAdapter({
          commands,
          subscriber: connect('comparison', redisSubscriber, redis),
          logger,
        }),
      }),
    },
    openDoor(publisher) {
      const subscriber = connect('door', redisSubscriber, redis);
      const door = redisDoor({ commands, subscriber, publisher, logger, metrics });
      closers.add('redis door', () => door.close());
    },
    // Given: a distributed configuration without them was refused.
    authSecret: config.authSecret ?? '',
    publishTokens: config.publishTokens ?? [],
  };
}
