/** A backend without an outbox: it evicts and publishes by itself, and tries again until both are done. */
import { createRedisBroker } from '../../../server/src/broker/redis-broker.js';
import { createCache } from '../../../server/src/cache/cache.js';
import { redisStore } from '../../../server/src/cache/redis-store.js';
import { createPublisher } from '../../../server/src/publisher/publisher.js';
import type { Process } from '../chance/virtual-time.js';
import { type Item, nameOf } from '../model/database.js';
import { RedisClient } from '../model/redis-client.js';
import { type Backend, ownerOf } from './node.js';
import { traceLogger } from './trace-logger.js';

/** A door that is open. */
export interface Door {
  readonly clients: { readonly commands: RedisClient; readonly subscriber: RedisClient; readonly cache: RedisClient };
  write(item: Item): void;
}

const RETRY_MS = 300;

/** Opens the door once the run begins; it belongs to `process`. */
export function startDoor(process: Process, { tools, log, cache: cachePair, database }: Backend): Door {
  const { time } = tools;
  const clients = {
    commands: new RedisClient(tools, log, 'commands', process),
    subscriber: new RedisClient(tools, log, 'subscriber', process),
    cache: new RedisClient(tools, cachePair, 'commands', process),
  };
  let publish: ((item: Item, id: string) => Promise<void>) | undefined;
  let lastId = 0;

  time.after(
    0,
    () => {
      const [commands, subscriber] = [clients.commands.asRedis(), clients.subscriber.asRedis()];
      const publisher = createPublisher({ broker: createRedisBroker({ commands, subscriber }) });
      const cache = createCache({
        store: redisStore(clients.cache.asRedis()),
        logger: traceLogger(tools, process.name),
      });
      publish = async (item, id) => {
        await cache.evict([ownerOf(item)]);
        await publisher.invalidate({ rooms: [item.room], keys: [[item.key, item.room]], id });
        tools.trace(process.name, () => `published ${nameOf(item)}`);
      };
    },
    process,
  );

  function attempt(item: Item, id: string): void {
    const again = () => void time.after(RETRY_MS, () => attempt(item, id), process);
    if (publish) publish(item, id).catch(again);
    else again();
  }

  return {
    clients,
    write(item) {
      if (!database.commitNow(item)) return;
      lastId += 1;
      const id = `door-${lastId}`;
      time.after(1, () => attempt(item, id), process);
    },
  };
}
