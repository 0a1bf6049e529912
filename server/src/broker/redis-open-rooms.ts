import type { Room } from '@querycast/protocol';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { masterNodes } from './master-nodes.js';
import type { OpenRooms } from './open-rooms.js';
import { redisNames } from './redis-names.js';

/** Most rooms asked about by one command: the server does nothing else while it looks them up. */
const ROOMS_PER_COMMAND = 500;

/** Each channel, and how many subscribe to it. */
const subscribersSchema = z.array(z.union([z.string(), z.number()]));

/** What the server knows of subscriptions. Rejects as the client does, or when the answer makes no sense. */
export function redisOpenRooms(options: { readonly commands: Redis | Cluster; readonly prefix: string }): OpenRooms {
  const { commands, prefix } = options;
  const { channel } = redisNames(prefix);

  async function ask(node: Redis, rooms: readonly Room[]): Promise<readonly Room[]> {
    const answer = subscribersSchema.parse(await node.pubsub('SHARDNUMSUB', ...rooms.map(channel)));
    if (answer.length !== rooms.length * 2) throw new Error('the server did not answer for every channel');
    return rooms.filter((_, index) => Number(answer[index * 2 + 1]) > 0);
  }

  return {
    async openRooms(rooms) {
      const nodes = masterNodes(commands);
      const answers: Promise<readonly Room[]>[] = [];
      for (let start = 0; start < rooms.length; start += ROOMS_PER_COMMAND) {
        const chunk = rooms.slice(start, start + ROOMS_PER_COMMAND);
        // Each master of a cluster answers for its own slots only; of the others it knows nobody.
        for (const node of nodes) answers.push(ask(node, chunk));
      }
      return new Set((await Promise.all(answers)).flat());
    },
  };
}
