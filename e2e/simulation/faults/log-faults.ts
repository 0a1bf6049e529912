import type { World } from '../world/world.js';
import type { Fault } from './fault.js';
import { repeatedly, someoneIsAway } from './meanwhile.js';
import { failover, restart } from './redis-faults.js';

/** What happens to the servers of the log. */
export const LOG_FAULTS: readonly Fault[] = [
  restart('log', 'all'),
  restart('log', 'older'),
  restart('log', 'none'),
  failover('log', false),
  failover('log', true),
  {
    name: 'the log fails over and back',
    side: 'backend',
    lasts: [4_000, 6_000],
    begin: (world) => {
      const { log, random, time } = world;
      log.lagMs = random.pick([5, 1_000, Number.POSITIVE_INFINITY]);
      if (random.chance(0.7)) someoneIsAway(world, random.between(500, 4_000));
      const there = random.between(0, 1_000);
      // The second time before most have heard of the first, or long after.
      const back = there + random.pick([40, 200, 2_000]);
      const at = (ms: number, act: () => void) => time.after(ms, act, time.world);
      at(there, () => log.failOver({ superseded: false }));
      at(there + 20, () => log.demote());
      at(back, () => log.failOver({ superseded: false }));
      at(back + 500, () => log.demote());
      return () => {};
    },
  },
  {
    name: 'the log of a room is evicted, again and again',
    side: 'backend',
    lasts: [1_000, 10_000],
    begin: (world) => evicting(world, 'evict_log'),
  },
  {
    name: 'the head of a room is evicted, again and again',
    side: 'backend',
    // Until the next change of the room, which makes up for it.
    isForSweep: true,
    lasts: [1_000, 10_000],
    begin: (world) => evicting(world, 'evict_head'),
  },
];

function evicting(world: World, type: 'evict_log' | 'evict_head'): () => void {
  const { random, time, log } = world;
  return repeatedly(world, 1_200, () => {
    const awayMs = random.between(100, 2_000);
    someoneIsAway(world, awayMs);
    const evict = () => {
      const rooms = log.master().data.rooms();
      if (rooms.length > 0) log.evict({ type, room: random.pick(rooms) });
    };
    time.after(random.between(0, awayMs), evict, time.world);
  });
}
