import type { Logger } from '@querycast/server';
import {
  checkRedis,
  type RedisFinding,
  type RedisTarget,
  type redisCommands,
  type redisSubscriber,
} from '@querycast/server/redis';
import { serversOf } from '../config/distributed.js';
import { StartError } from '../start-error.js';
import { hearAnswers } from './redis-answers.js';
import { handshakeProblem } from './redis-handshake.js';

/** A connection to a Redis or to a Cluster. */
export type RedisClient = ReturnType<typeof redisCommands | typeof redisSubscriber>;

/** A connection, where it leads and what it is for. */
export interface ServerInUse {
  readonly client: RedisClient;
  readonly target: RedisTarget;
  readonly use: 'log' | 'cache';
}

/** What the log needs and a cache does not: the channels of a version, and memory that is never evicted. */
const OF_THE_LOG: readonly RedisFinding['code'][] = ['version', 'eviction_policy'];

/**
 * Asks each server whether it is of the kind it is used for. Rejects with {@link StartError} `redis_unusable` when one is
 * not. One that does not answer is no reason to stay away: the log says so, and says when it turns out to be wrong later.
 */
export async function checkServers(servers: readonly ServerInUse[], logger: Logger): Promise<void> {
  const sentences = await Promise.all(servers.map((server) => check(server, logger)));
  if (sentences.flat().length > 0) throw new StartError('redis_unusable', sentences.flat().join('\n'));
}

/** Sentences about what makes a server unusable. */
async function check(server: ServerInUse, logger: Logger): Promise<string[]> {
  const { client, target, use } = server;
  const servers = serversOf(target);
  const answers = hearAnswers(client);
  const { reachable, refusals, warnings } = await checkRedis(client);
  answers.stop();
  const matters = ({ code }: RedisFinding) => use === 'log' || !OF_THE_LOG.includes(code);
  for (const { code, message } of warnings.filter(matters)) {
    logger.warn({ servers, code, reason: message }, 'redis could be better');
  }
  const reasons = refusals.filter(matters).map(({ message }) => message);
  const handshake = reachable ? undefined : await handshakeProblem(target);
  const final = handshake?.isFinal ? handshake.reason : undefined;
  const why = reachable ? undefined : (answers.why() ?? final);
  if (why !== undefined) reasons.push(why);
  else if (!reachable) {
    const said = handshake && { reason: handshake.reason };
    logger.warn({ servers, use, ...said }, 'redis does not answer, starting without it');
    client.once('ready', () => void checkLater(server, logger));
  }
  return reasons.map((reason) => `The Redis at ${servers} cannot hold the ${use}: ${reason}.`);
}

/** Too late to refuse: those who are connected are better off with a node that says what is wrong. */
async function checkLater(server: ServerInUse, logger: Logger): Promise<void> {
  for (const sentence of await check(server, logger)) logger.error({ reason: sentence }, 'redis cannot be used');
}
