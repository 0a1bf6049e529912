import type { Logger } from '@querycast/server';
import { checkRedis, claimRedis } from '@querycast/server/redis';
import { serversOf } from '../config/distributed.js';
import { StartError } from '../start-error.js';
import type { ServerInUse } from './check-servers.js';

/**
 * Claims each server for a database, now and at every later connection, because a server may lose the claim. Rejects with
 * {@link StartError} `redis_of_another_database` when another one has it. A server that answers later is claimed then,
 * and the log says so when that fails: what could leak is in no case an answer, see `storeOfDatabase`.
 */
export async function claimServers(servers: readonly ServerInUse[], identity: string, logger: Logger): Promise<void> {
  async function claimLater(server: ServerInUse): Promise<void> {
    const sentence = await claim(server, identity, logger);
    if (sentence !== undefined) logger.error({ reason: sentence }, 'redis cannot be used');
  }
  for (const server of servers) server.client.on('ready', () => void claimLater(server));
  const present = servers.filter(({ client }) => client.status === 'ready');
  const sentences = await Promise.all(present.map((server) => claim(server, identity, logger)));
  const refusals = sentences.filter((sentence) => sentence !== undefined);
  if (refusals.length > 0) throw new StartError('redis_of_another_database', refusals.join('\n'));
}

/** A sentence about a server that belongs to another database. */
async function claim({ client, target, use }: ServerInUse, identity: string, logger: Logger) {
  const servers = serversOf(target);
  try {
    const { reachable, refusals } = await checkRedis(client);
    // To a refusal such as that of a replica the client would answer with a new connection, over and over.
    if (!reachable || refusals.length > 0) return undefined;
    if ((await claimRedis(client, identity)) === identity) return undefined;
  } catch (error) {
    // It was lost again, or is full: the next connection tries anew.
    logger.warn({ servers, use, error: String(error) }, 'redis could not be claimed');
    return undefined;
  }
  return (
    `The Redis at ${servers} cannot hold the ${use}: it belongs to another database. Give each database a Redis of its ` +
    'own; if the other one is gone for good, stop whatever still uses this Redis and empty it with FLUSHDB.'
  );
}
