import type { Cluster } from 'ioredis';

/**
 * Calls `disturb` when subscriptions on a cluster may stand elsewhere or not at all, because its client tells of its
 * failures to subscribe anew to nobody; not when only replicas changed. Returns its end.
 */
export function watchSlots(client: Cluster, disturb: () => void): () => void {
  let owners = ownersOf(client);
  let replaced = false;

  function lost(): void {
    replaced = true;
    disturb();
  }
  function added(): void {
    replaced = true;
  }
  /** The client looked at the cluster anew, and has a connection to each master that needs one. */
  function ready(): void {
    const before = owners;
    owners = ownersOf(client);
    if (replaced || owners !== before) disturb();
    replaced = false;
  }

  client.on('-subscriber', lost);
  client.on('+subscriber', added);
  client.on('subscribersReady', ready);
  return () => {
    client.off('-subscriber', lost);
    client.off('+subscriber', added);
    client.off('subscribersReady', ready);
  };
}

/** Which master has which slots, as text; only the slots at which the master changes. */
function ownersOf({ slots }: Cluster): string {
  const changes: string[] = [];
  let before: string | undefined;
  for (const [slot, [owner] = []] of slots.entries()) {
    if (owner !== before) changes.push(`${slot} ${owner}`);
    before = owner;
  }
  return changes.join();
}
