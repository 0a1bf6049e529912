import { type Client, connectClients, offsetOf } from './clients.js';
import { publish } from './publish.js';
import { usedMemory } from './redis-figures.js';
import type { GatewayStack } from './stack.js';
import { waitUntil } from './wait-until.js';

/** How much is measured. */
export interface MemoryOptions {
  /** Each with one client that stays. */
  readonly rooms: number;
  /** How many invalidations were published by the time of each look, all rooms together; at least one per read and room first. */
  readonly looks: readonly number[];
  /** How many are published with an `id` after that, as the outbox does. */
  readonly withIds: number;
}

/** What is held after so many invalidations, in bytes. */
export interface MemoryFigures {
  readonly invalidations: number;
  /** Of `invalidations`, those whose `id` is remembered. */
  readonly ids: number;
  readonly redis: number;
  /** Of the gateway, its garbage collected. */
  readonly heap: number;
  readonly rss: number;
}

/** What the server's own tables and connections make of a difference, in bytes. */
export const REDIS_NOISE = 200_000;
/** What code that was compiled meanwhile makes of one, in bytes. */
export const HEAP_NOISE = 2_000_000;

/**
 * Whether whatever came after the first look left memory where that was. Of Redis as long as no ids were remembered: its
 * table of keys stays as large as they made it for a while.
 */
export function isBounded(figures: readonly MemoryFigures[]): boolean {
  const [first, ...others] = figures;
  if (!first) return true;
  const withIds = others.findIndex(({ ids }) => ids > 0);
  const withoutIds = withIds < 0 ? others : others.slice(0, withIds);
  const isRedisBounded = withoutIds.every(({ redis }) => redis - first.redis < REDIS_NOISE);
  return isRedisBounded && others.every(({ heap }) => heap - first.heap < HEAP_NOISE);
}

/** Publishes to rooms that all are open, and looks at what is held each time that everybody has been told everything. */
export async function measureMemory(stack: GatewayStack, options: MemoryOptions): Promise<MemoryFigures[]> {
  const { redis, gateway, publisher, prefix } = stack;
  const { rooms, looks, withIds } = options;
  const clients = await connectClients({ url: gateway.url, rooms, clients: rooms, batch: 50 });
  const figures: MemoryFigures[] = [];
  let published = 0;

  async function look(upTo: number, ids: boolean): Promise<void> {
    await publish({ publisher, rooms, invalidations: upTo - published, ids });
    await waitUntil('everybody to be told', () => told(clients) === upTo);
    figures.push({
      invalidations: upTo,
      ids: ids ? upTo - published : 0,
      redis: await usedMemory(redis),
      ...(await held()),
    });
    published = upTo;
  }

  async function held() {
    const { heapUsed, rss } = await gateway.memory();
    return { heap: heapUsed, rss };
  }

  for (const upTo of looks) await look(upTo, false);
  await look(published + withIds, true);
  // What ten minutes do by themselves.
  await redis.cli('EVAL', FORGET_IDS, '0', `${prefix}*:id:*`);
  await look(published, false);
  for (const client of clients) client.close();
  return figures;
}

const FORGET_IDS = `
local cursor = '0'
repeat
  local found = redis.call('SCAN', cursor, 'MATCH', ARGV[1], 'COUNT', 1000)
  cursor = found[1]
  for _, key in ipairs(found[2]) do redis.call('DEL', key) end
until cursor == '0'`;

/** How many invalidations all of them together have been told of. */
function told(clients: readonly Client[]): number {
  return clients.reduce((sum, client) => sum + offsetOf(client.position()), 0);
}
