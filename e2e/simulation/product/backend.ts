/** What every process of the backend is made of: the product's own parts, over the models. */
import { createRedisBroker, type RedisBroker } from '../../../server/src/broker/redis-broker.js';
import { type Cache, createCache } from '../../../server/src/cache/cache.js';
import { redisStore } from '../../../server/src/cache/redis-store.js';
import type { Logger } from '../../../server/src/observability/logger.js';
import { type Metrics, noMetrics } from '../../../server/src/observability/metrics.js';
import type { Process } from '../chance/virtual-time.js';
import type { Database, Item } from '../model/database.js';
import { RedisClient } from '../model/redis-client.js';
import type { RedisPair } from '../model/redis-pair.js';
import type { ModelTools } from '../model/redis-server.js';
import type { Load } from './compute-delay.js';
import { traceLogger } from './trace-logger.js';
import type { Users } from './users.js';

/** What the processes of the backend work with. */
export interface Backend {
  readonly tools: ModelTools;
  readonly log: RedisPair;
  readonly cache: RedisPair;
  readonly database: Database;
  readonly users: Users;
  readonly load: Load;
}

/** Connections of a process to both Redis pairs. */
export interface Clients {
  readonly commands: RedisClient;
  readonly subscriber: RedisClient;
  readonly cache: RedisClient;
}

/** What a process does its work with. */
export interface Parts {
  readonly broker: RedisBroker;
  readonly cache: Cache;
  readonly logger: Logger;
}

/** Connects a process. */
export function connectClients(process: Process, { tools, log, cache }: Backend): Clients {
  return {
    commands: new RedisClient(tools, log, 'commands', process),
    subscriber: new RedisClient(tools, log, 'subscriber', process),
    cache: new RedisClient(tools, cache, 'commands', process),
  };
}

/** Creates the parts of a process, which must be the present one; default for metrics: counts nothing. */
export function createParts(
  process: Process,
  { tools }: Backend,
  { commands, subscriber, cache }: Clients,
  metrics: Metrics = noMetrics,
): Parts {
  const logger = traceLogger(tools, process.name);
  return {
    broker: createRedisBroker({ commands: commands.asRedis(), subscriber: subscriber.asRedis(), logger, metrics }),
    cache: createCache({ store: redisStore(cache.asRedis()), logger }),
    logger,
  };
}

/** What is evicted when an item changes. */
export function ownerOf({ room, key }: Item): string {
  return `page:${room}:${key}`;
}
