/** One process that runs the relay, made of the product's own parts. */
import type { Room } from '@querycast/protocol';
import { createRelay } from '../../../server/src/outbox/relay.js';
import type { Change, Stale } from '../../../server/src/outbox/signal.js';
import { createPublisher } from '../../../server/src/publisher/publisher.js';
import type { Process } from '../chance/virtual-time.js';
import { outboxPool } from '../model/outbox-pool.js';
import { type Backend, type Clients, connectClients, createParts, ownerOf } from './backend.js';

/** A relay that runs. */
export interface RelayProcess {
  readonly process: Process;
  readonly clients: Clients;
}

/** Starts a relay; it belongs to `process`, which must be the present one. */
export function startRelay(process: Process, backend: Backend): RelayProcess {
  const clients = connectClients(process, backend);
  const { broker, cache, logger } = createParts(process, backend, clients);
  const relay = createRelay({
    pool: outboxPool(backend.database, backend.tools),
    signals: { items: staleOf },
    cache,
    publisher: createPublisher({ broker }),
    broker,
    // Behind notifications: at rest it is most of what happens.
    pollMs: 2_000,
    listen: (onWake) => backend.database.listen(onWake),
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
