import type { Fault } from './fault.js';
import { repeatedly } from './meanwhile.js';
import { failover, restart } from './redis-faults.js';

/** What happens to the servers of the cache. */
export const CACHE_FAULTS: readonly Fault[] = [
  restart('cache', 'older'),
  restart('cache', 'none'),
  failover('cache', false),
  failover('cache', true),
  {
    name: 'the cache forgets, again and again',
    side: 'backend',
    lasts: [1_000, 10_000],
    begin: (world) =>
      repeatedly(world, 300, () => {
        const keys = world.cache.master().data.keys();
        if (keys.length > 0) world.cache.evict({ type: 'delete', key: world.random.pick(keys) });
      }),
  },
];
