import type { Cluster, Redis } from 'ioredis';
import { slotOf } from '../redis/connect.js';

/**
 * Makes a function that answers one name for each master of a cluster, in a slot of that master; for one server, the name
 * without a number.
 */
export function createNamePerMaster(nameOf: (n?: number) => string): (client: Redis | Cluster) => readonly string[] {
  /** The slot of each name that was ever looked at; they never change. */
  const slots: number[] = [];

  return (client) => {
    if (!('nodes' in client)) return [nameOf()];
    const missing = new Set(client.slots.flatMap(([owner]) => owner ?? []));
    const names: string[] = [];
    // Any slot is met sooner or later; the first few numbers meet most masters.
    for (let n = 0; missing.size > 0; n += 1) {
      const slot = slots[n] ?? slotOf(nameOf(n));
      slots[n] = slot;
      const [owner] = client.slots[slot] ?? [];
      if (owner !== undefined && missing.delete(owner)) names.push(nameOf(n));
    }
    return names;
  };
}

/** Whether two channels live on one master of what `client` reaches, and so are heard on one connection. */
export function onOneMaster(client: Redis | Cluster): (one: string, other: string) => boolean {
  if (!('nodes' in client)) return () => true;
  const ownerOf = (channel: string) => client.slots[slotOf(channel)]?.[0];
  return (one, other) => ownerOf(one) === ownerOf(other);
}
