/** One process that runs the relay, made of the product's own parts. */
import type { Room } from '@querycast/protocol';
import { createRedisBroker } from '../../../server/src/broker/redis-broker.js';
import { createCache } from '../../../server/src/cache/cache.js';
import { redisStore } from '../../../server/src/cache/redis-store.js';
import { createRelay } from '../../../server/src/outbox/relay.js';
import type { Change, Stale } from '../../../server/src/outbox/signal.js';
import { createPublisher } from '../../../server/src/publisher/publisher.js';
import type { Process } from '../chance/virtual-time.js';
import { outboxPool } from '../model/outbox-pool.js';
import { RedisClient } from '../model/redis-client.js';
import { type Backend, ownerOf } from './node.js';
import { traceLogger } from './trace-logger.js';

/** A relay that runs. */
export interface RelayProcess {
  readonly process: Process;
  readonly clients: { readonly commands: RedisClient; readonly subscriber: RedisClient; readonly cache: RedisClient };
}

/** Starts a relay; it belongs to `process`, which must be the present one. */
export function startRelay(process: Process, { tools, log, cache: cachePair, database }: Backend): RelayProcess {
  const logger = traceLogger(tools, process.name);
  const clients = {
    commands: new RedisClient(tools, log, 'commands', process),
    subscriber: new RedisClient(tools, log, 'subscriber', process),
    cache: new RedisClient(tools, cachePair, 'commands', process),
  };
  const broker = createRedisBroker({
    commands: clients.commands.asRedis(),
    subscriber: clients.subscriber.asRedis(),
    logger,
  });
  const relay = createRelay({
    pool: outboxPool(database, tools),
    signals: { items: staleOf },
    cache: createCache({ store: redisStore(clients.cache.asRedis()), logger }),
    publisher: createPublisher({ broker }),
    broker,
    // Behind notifications: at rest it is most of what happens.
    pollMs: 2_000,
    listen: (onWake) => database.listen(onWake),
    logger,
  });
  void relay.start();
  return { process, clients };
}

async function staleOf(changes: readonly Change[]): Promise<Stale> {
  const items = changes.map(({ new: image }) => ({ room: image?.['room'] as Room, key: String(image?.['key']) }));
  return {
    evict: items.map(ownerOf),
    push: items.map(({ room, key }) => ({ room, keys: [[key, room]] })),
  };
}
