import type { RedisServer } from '@querycast/test-servers';
import { expect } from 'vitest';
import { CHANGED_AFTER_MS, NEVER_CHANGED_AFTER_MS, type Place, REDIS_NAME, soon } from './place.js';

/** Sentinel gives up a step after ten seconds, and begins again after twice as long. */
const CHANGED_WITHIN_MS = 60_000;

/** Which of the two servers of the log Sentinel takes for the master. */
export async function masterOf({ sentinel, redis, wires }: Place): Promise<RedisServer> {
  const [, port] = (await sentinel.cli('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', REDIS_NAME)).split('\n');
  const server = redis[wires.redis.findIndex((each) => String(each.port) === port)];
  if (!server) throw new Error(`nobody here is the master at port ${port}`);
  return server;
}

/** Kills the master; resolves when Sentinel has made the other one the master, and says which was. */
export async function failOver(place: Place): Promise<RedisServer> {
  const before = await masterOf(place);
  await changeAfter(CHANGED_AFTER_MS, place);
  await before.kill();
  await changed(before, place);
  await changeAfter(NEVER_CHANGED_AFTER_MS, place);
  return before;
}

/** Has Sentinel exchange the servers while both are well; resolves when it has. */
export async function exchange(place: Place): Promise<void> {
  const before = await masterOf(place);
  // Refused while the former master is not yet known as a replica that keeps up.
  await soon(async () => {
    const answer = await place.sentinel.cli('SENTINEL', 'FAILOVER', REDIS_NAME).catch(String);
    expect(answer).toBe('OK');
  });
  await changed(before, place);
}

/** Starts a server again; resolves when master and replica are what they were. */
export async function restart(server: RedisServer, place: Place): Promise<void> {
  await server.start();
  await replicating(place);
}

/** Until then it is not over: a master begins another life when it gets its first replica. */
export async function replicating(place: Place): Promise<void> {
  await soon(async () => {
    expect(await (await masterOf(place)).cli('INFO', 'replication')).toMatch(/slave0:.*state=online/);
  });
}

async function changed(before: RedisServer, place: Place): Promise<void> {
  await soon(async () => expect(await masterOf(place)).not.toBe(before), CHANGED_WITHIN_MS);
}

function changeAfter(ms: number, { sentinel }: Place): Promise<string> {
  return sentinel.cli('SENTINEL', 'SET', REDIS_NAME, 'down-after-milliseconds', String(ms));
}
