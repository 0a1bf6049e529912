/** A backend without an outbox: it evicts and publishes by itself, and tries again until both are done. */
import { createPublisher } from '../../../server/src/publisher/publisher.js';
import type { Process } from '../chance/virtual-time.js';
import { type Item, nameOf } from '../model/database.js';
import { type Backend, type Clients, connectClients, createParts, ownerOf } from './backend.js';

/** A door that is open. */
export interface Door {
  readonly clients: Clients;
  write(item: Item): void;
}

const RETRY_MS = 300;

/** Opens the door once the run begins; it belongs to `process`. */
export function startDoor(process: Process, backend: Backend): Door {
  const { tools, database } = backend;
  const { time } = tools;
  const clients = connectClients(process, backend);
  let publish: ((item: Item, id: string) => Promise<void>) | undefined;
  let lastId = 0;

  time.after(
    0,
    () => {
      const { broker, cache } = createParts(process, backend, clients);
      const publisher = createPublisher({ broker });
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
