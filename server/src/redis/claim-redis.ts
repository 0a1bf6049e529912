import type { Cluster, Redis } from 'ioredis';

/**
 * Claims a server for whatever has the name `id`, unless it is claimed already; resolves to the name that has it. Of
 * several who claim at once, one succeeds. The claim is the key `<prefix>database` (default prefix `qc:`), in a Cluster
 * wherever its slot is. Needs Redis 7. Rejects as the client does.
 *
 * @example
 * if ((await claimRedis(commands, databaseId)) !== databaseId) throw new Error('this Redis belongs to another database');
 */
export async function claimRedis(
  client: Redis | Cluster,
  id: string,
  { prefix = 'qc:' }: { readonly prefix?: string } = {},
): Promise<string> {
  return (await client.set(`${prefix}database`, id, 'NX', 'GET')) ?? id;
}
