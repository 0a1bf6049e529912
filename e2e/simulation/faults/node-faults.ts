import { clientsOf } from './clients-of.js';
import type { Fault } from './fault.js';
import { comingAndGoing, hurrying, whenSilent } from './meanwhile.js';
import { path } from './path.js';

/** What happens to a node of the gateway and to its connections. */
export const NODE_FAULTS: readonly Fault[] = [
  {
    name: 'a node is killed',
    side: 'gateway',
    lasts: [500, 10_000],
    begin: (world) => {
      const place = world.random.pick(world.nodes);
      world.kill(place);
      return () => world.start(place);
    },
  },
  {
    name: 'a node hangs',
    side: 'gateway',
    lasts: [500, 35_000],
    begin: (world) => {
      const { running } = world.random.pick(world.nodes);
      if (!running) return () => {};
      world.time.stop(running.process);
      whenSilent(world, () => {
        if (!running.process.isStopped) return;
        for (const { wires } of world.seats) {
          for (const wire of [...wires]) if (wire.host.process === running.process) wire.cut();
        }
      });
      return () => world.time.resume(running.process);
    },
  },
  path('a node loses its way to the log', 'backend', (world) => {
    const { commands, subscriber } = clientsOf(world, 'nodes');
    return world.random.pick([[commands.weather], [subscriber.weather], [commands.weather, subscriber.weather]]);
  }),
  path('a node loses its way to the cache', 'backend', (world) => [clientsOf(world, 'nodes').cache.weather]),
  {
    name: 'the envelopes of a node get lost, doubled and out of order until its connection ends',
    side: 'gateway',
    lasts: [1_000, 8_000],
    begin: (world) => {
      const { subscriber } = clientsOf(world, 'nodes');
      const weather = subscriber.serverEnd ? subscriber.weather : undefined;
      if (weather) weather.isLossy = true;
      const calm = hurrying(world);
      return () => {
        calm();
        if (weather) weather.isLossy = false;
        subscriber.lose();
      };
    },
  },
  {
    name: 'a node loses a subscription without a word',
    side: 'gateway',
    isForSweep: true,
    lasts: [500, 5_000],
    begin: (world) => {
      const { subscriber } = clientsOf(world, 'nodes');
      const { channels } = subscriber.serverEnd ?? {};
      const rooms = [...(channels ?? [])].filter((channel) => channel.includes('{class:'));
      if (rooms.length > 0) channels?.delete(world.random.pick(rooms));
      return () => {};
    },
  },
  {
    name: 'the way of a node to the log is slow while people come and go',
    side: 'gateway',
    lasts: [2_000, 10_000],
    begin: (world) => {
      const { random } = world;
      // Of one node, or of all: then nobody has a fast one.
      const running = world.nodes.flatMap((place) => place.running ?? []);
      const hit = random.chance(0.5) ? [random.pick(running)] : running;
      const which = random.pick(['commands', 'subscriber'] as const);
      const slowMs = random.pick([60, 130, 200, 800]);
      for (const { clients } of hit) clients[which].weather.slowMs = slowMs;
      const stop = comingAndGoing(world, 500);
      const calm = hurrying(world);
      return () => {
        stop();
        calm();
        for (const { clients } of hit) clients[which].weather.slowMs = 4;
      };
    },
  },
];
