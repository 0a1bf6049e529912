import { Cluster, Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { slotOf } from '../redis/connect.js';
import { createNamePerMaster, onOneMaster } from './name-per-master.js';

/** The client of a cluster of two masters, each with half of the slots; it is connected to nobody. */
function clusterClient(): Cluster {
  const client = new Cluster([], { lazyConnect: true });
  client.slots = Array.from({ length: 16_384 }, (_, slot) => [slot < 8_192 ? 'one:1' : 'other:1']);
  return client;
}

test('there is a name for each master, and names of different masters are not on one connection', () => {
  const client = clusterClient();
  const [first = '', second = '', ...rest] = createNamePerMaster((n) => `name:{${n}}`)(client);
  expect(rest).toEqual([]);
  expect([first, second].map((name) => slotOf(name) < 8_192).sort()).toEqual([false, true]);
  const areTogether = onOneMaster(client);
  expect([areTogether(first, second), areTogether(first, first)]).toEqual([false, true]);
});

test('of one server there is one name, and everything is on one connection', () => {
  const client = new Redis({ lazyConnect: true });
  expect(createNamePerMaster((n) => `name:${n}`)(client)).toEqual(['name:undefined']);
  expect(onOneMaster(client)('a', 'b')).toBe(true);
});
