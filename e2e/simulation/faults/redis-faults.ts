import type { RedisClient } from '../model/redis-client.js';
import type { Kept } from '../model/redis-pair.js';
import type { World } from '../world/world.js';
import { clientsOf } from './clients-of.js';
import type { Fault } from './fault.js';
import { someoneIsAway } from './meanwhile.js';

/** A server ends and comes back with all, some or none of its data. */
export function restart(which: 'log' | 'cache', kept: Kept): Fault {
  return {
    name: `the ${which} restarts with ${kept === 'all' ? 'all' : kept === 'older' ? 'older' : 'no'} data`,
    side: 'backend',
    lasts: [100, 15_000],
    begin: (world) => {
      world[which].crash();
      return () => world[which].restart(kept);
    },
  };
}

/** The replica takes over; `superseded`: while the old master goes on serving. */
export function failover(which: 'log' | 'cache', superseded: boolean): Fault {
  return {
    name: `the ${which} fails over${superseded ? ', and its old master lives on' : ''}`,
    side: 'backend',
    lasts: [1_500, 8_000],
    ...(superseded && { losesDoors: true }),
    begin: (world) => {
      const pair = world[which];
      const { random, time } = world;
      pair.lagMs = random.pick([5, 1_000, Number.POSITIVE_INFINITY]);
      if (random.chance(0.5)) someoneIsAway(world, random.between(500, 4_000));
      // Somebody stays with the old master until that knows.
      const left = superseded ? staying(world, which) : [];
      for (const client of left) client.hearsSentinels = false;
      time.after(random.between(0, 1_400), () => pair.failOver({ superseded }), time.world);
      return () => {
        for (const client of left) client.hearsSentinels = true;
        pair.demote();
      };
    },
  };
}

function staying(world: World, which: 'log' | 'cache'): readonly RedisClient[] {
  const { commands, subscriber, cache } = world.random.chance(0.7)
    ? clientsOf(world, 'relays')
    : clientsOf(world, 'nodes');
  return which === 'log' ? [commands, subscriber] : [cache];
}
