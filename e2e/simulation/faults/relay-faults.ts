import { clientsOf } from './clients-of.js';
import type { Fault } from './fault.js';
import { path } from './path.js';

/** What happens to a relay and to its connections. */
export const RELAY_FAULTS: readonly Fault[] = [
  {
    name: 'a relay is killed',
    side: 'backend',
    lasts: [200, 10_000],
    begin: (world) => {
      const place = world.random.pick(world.relays);
      world.kill(place);
      return () => world.start(place);
    },
  },
  {
    name: 'a relay hangs',
    side: 'backend',
    lasts: [500, 20_000],
    begin: (world) => {
      const { running } = world.random.pick(world.relays);
      if (running) world.time.stop(running.process);
      return () => running && world.time.resume(running.process);
    },
  },
  path('a relay loses its way to the log', 'backend', (world) => {
    const { commands, subscriber } = clientsOf(world, 'relays');
    return world.random.pick([[commands.weather], [commands.weather, subscriber.weather]]);
  }),
  path('a relay loses its way to the cache', 'backend', (world) => [clientsOf(world, 'relays').cache.weather]),
];
