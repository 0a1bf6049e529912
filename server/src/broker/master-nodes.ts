import type { Cluster, Redis } from 'ioredis';

/** Every server of a cluster that holds slots, or the one server. Throws when slots have no master that is known. */
export function masterNodes(client: Redis | Cluster): readonly Redis[] {
  if (!('nodes' in client)) return [client];
  const masters = new Map(client.nodes('master').map((node) => [`${node.options.host}:${node.options.port}`, node]));
  const owners = new Set(client.slots.map(([owner]) => owner));
  const nodes = [...owners].map((owner) => {
    // Gone, and nobody has taken its slots over, or the client has not heard of it yet.
    const node = owner === undefined ? undefined : masters.get(owner);
    if (!node) throw new Error('slots of the cluster have no master');
    return node;
  });
  if (nodes.length === 0) throw new Error('the cluster has no master');
  return nodes;
}
