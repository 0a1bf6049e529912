import { clear, type Weather } from './model/pipe.js';
import type { RedisClient } from './model/redis-client.js';
import type { Kept } from './model/redis-pair.js';
import { usualLoad } from './product/compute-delay.js';
import type { World } from './world.js';

/** What a fault hits: recovery is exact where neither log nor database is concerned. */
export type Side = 'client' | 'gateway' | 'backend';

/** Something that goes wrong for a while. */
export interface Fault {
  readonly name: string;
  readonly side: Side;
  /** Begins it; answers what happens at its end. */
  begin(world: World): () => void;
  /** How long it may last, in milliseconds. */
  readonly lasts: readonly [from: number, to: number];
  /** The product does not survive it, which a test of its own shows; no other run meets it. */
  readonly isLimit?: true;
  /** What the doors without an outbox publish meanwhile may be lost: they are durable as far as Redis is. */
  readonly losesDoors?: true;
}

/** A ping and the wait for its answer: then both ends of a silent connection give it up. */
const SILENCE_MS = 25_000;

/** Every fault that a run may meet. */
export const FAULTS: readonly Fault[] = [
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
  ...(['all', 'older', 'none'] as const).map((kept): Fault => restart('log', kept)),
  ...(['older', 'none'] as const).map((kept): Fault => restart('cache', kept)),
  failover('log', false),
  failover('log', true),
  failover('cache', false),
  failover('cache', true),
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
  path('a node loses its way to the log', 'backend', (world) => {
    const { commands, subscriber } = clientsOfNode(world);
    return world.random.pick([[commands.weather], [subscriber.weather], [commands.weather, subscriber.weather]]);
  }),
  path('a node loses its way to the cache', 'backend', (world) => [clientsOfNode(world).cache.weather]),
  path('a relay loses its way to the log', 'backend', (world) => {
    const { commands, subscriber } = clientsOfRelay(world);
    return world.random.pick([[commands.weather], [commands.weather, subscriber.weather]]);
  }),
  path('a relay loses its way to the cache', 'backend', (world) => [clientsOfRelay(world).cache.weather]),
  {
    name: 'the envelopes of a node get lost, doubled and out of order until its connection ends',
    side: 'gateway',
    lasts: [1_000, 8_000],
    begin: (world) => {
      const { subscriber } = clientsOfNode(world);
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
    lasts: [500, 5_000],
    begin: (world) => {
      const { subscriber } = clientsOfNode(world);
      const { channels } = subscriber.serverEnd ?? {};
      const rooms = [...(channels ?? [])].filter((channel) => channel.includes('{class:'));
      if (rooms.length > 0) channels?.delete(world.random.pick(rooms));
      return () => {};
    },
  },
  {
    name: 'a page is offline',
    side: 'client',
    lasts: [200, 50_000],
    begin: (world) => {
      const seat = world.random.pick(world.seats);
      seat.weather.isCut = true;
      for (const wire of [...seat.wires]) wire.cut();
      return () => {
        seat.weather.isCut = false;
      };
    },
  },
  {
    name: 'a page is in a black hole',
    side: 'client',
    lasts: [500, 50_000],
    begin: (world) => {
      const seat = world.random.pick(world.seats);
      seat.weather.isHoled = true;
      const wires = [...seat.wires];
      whenSilent(world, () => {
        if (seat.weather.isHoled) for (const wire of wires) wire.cut();
      });
      return () => clear(seat.weather);
    },
  },
  {
    name: 'the messages of a page get lost, doubled and out of order until its connection ends',
    side: 'client',
    lasts: [2_000, 15_000],
    begin: (world) => {
      const seat = world.random.pick(world.seats);
      seat.weather.isLossy = true;
      // A connection that is made in it is no better.
      const stop = world.random.chance(0.7) ? comingAndGoing(world, 2_500, [seat]) : () => {};
      const calm = hurrying(world);
      return () => {
        stop();
        calm();
        seat.weather.isLossy = false;
        for (const wire of [...seat.wires]) wire.cut();
      };
    },
  },
  {
    name: 'the connections of a page are cut, again and again',
    side: 'client',
    lasts: [1_000, 10_000],
    begin: (world) => {
      const seat = world.random.pick(world.seats);
      let isOver = false;
      const cut = () => {
        for (const wire of [...seat.wires]) wire.cut();
        if (!isOver) world.time.after(world.random.between(50, 3_000), cut, world.time.world);
      };
      cut();
      return () => {
        isOver = true;
      };
    },
  },
  {
    name: 'the way of a node to the log is slow while people come and go',
    side: 'gateway',
    lasts: [2_000, 10_000],
    begin: (world) => {
      const { random } = world;
      const { commands, subscriber } = clientsOfNode(world);
      const { weather } = random.pick([commands, subscriber]);
      weather.slowMs = random.pick([60, 200, 800]);
      const stop = comingAndGoing(world, 500);
      const calm = hurrying(world);
      return () => {
        stop();
        calm();
        weather.slowMs = 4;
      };
    },
  },
  {
    name: 'a page is slow',
    side: 'client',
    lasts: [1_000, 15_000],
    begin: (world) => {
      const { weather } = world.random.pick(world.seats);
      weather.slowMs = 1_500;
      return () => {
        weather.slowMs = 4;
      };
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
    lasts: [1_000, 10_000],
    begin: (world) => evicting(world, 'evict_head'),
  },
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
  {
    name: 'the database is away',
    side: 'backend',
    lasts: [500, 60_000],
    begin: (world) => {
      const { database, random, time } = world;
      // What changes last before is announced, and cannot be read.
      hurrying(world)();
      const goAway = () => {
        database.remote.isAway = true;
      };
      time.after(random.between(5, 60), goAway, time.world);
      return () => {
        database.remote.isAway = false;
      };
    },
  },
  {
    name: 'the database is slow',
    side: 'backend',
    lasts: [1_000, 10_000],
    begin: ({ database }) => {
      database.remote.slowMs = 2_500;
      database.remote.slowShare = 0.5;
      return () => {
        database.remote.slowMs = 400;
        database.remote.slowShare = 0.05;
      };
    },
  },
  {
    name: 'computations are slow while people come and go',
    side: 'backend',
    lasts: [2_000, 8_000],
    begin: (world) => {
      Object.assign(world.load, { slowMs: world.random.pick([100, 400]), slowShare: 0.7 });
      const stop = comingAndGoing(world, 200);
      const calm = hurrying(world);
      return () => {
        stop();
        calm();
        Object.assign(world.load, usualLoad());
      };
    },
  },
  {
    name: 'notifications of commits get lost',
    side: 'backend',
    lasts: [1_000, 10_000],
    begin: ({ database }) => {
      database.losesNotifications = true;
      return () => {
        database.losesNotifications = false;
      };
    },
  },
];

function restart(which: 'log' | 'cache', kept: Kept): Fault {
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

function failover(which: 'log' | 'cache', superseded: boolean): Fault {
  return {
    name: `the ${which} fails over${superseded ? ', and its old master lives on' : ''}`,
    side: 'backend',
    lasts: [1_500, 8_000],
    ...(which === 'cache' && superseded && { isLimit: true }),
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
  const { commands, subscriber, cache } = world.random.chance(0.7) ? clientsOfRelay(world) : clientsOfNode(world);
  return which === 'log' ? [commands, subscriber] : [cache];
}

/** A network path that is cut or swallows everything. */
function path(name: string, side: Side, weathers: (world: World) => readonly Weather[]): Fault {
  return {
    name,
    side,
    lasts: [500, 15_000],
    begin: (world) => {
      const hit = weathers(world);
      const isHole = world.random.chance(0.5);
      for (const weather of hit) {
        weather.isHoled = isHole;
        weather.isCut = true;
      }
      if (!isHole) for (const client of allClients(world)) if (hit.includes(client.weather)) client.lose();
      return () => {
        for (const weather of hit) {
          weather.isCut = false;
          if (isHole) clear(weather);
        }
      };
    },
  };
}

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

/** A page is offline for a while: what else happens then matters most to whoever has to catch up. */
function someoneIsAway({ random, time, seats }: World, forMs: number): void {
  const { weather, wires } = random.pick(seats);
  weather.isCut = true;
  for (const wire of [...wires]) wire.cut();
  time.after(
    forMs,
    () => {
      weather.isCut = false;
    },
    time.world,
  );
}

/** People lose their connections and reload their pages. */
function comingAndGoing(world: World, everyMs: number, seats = world.seats): () => void {
  const stopsAt = world.time.now() + world.random.between(0, 6_000);
  return repeatedly(world, everyMs, () => {
    if (world.time.now() > stopsAt) return;
    const seat = world.random.pick(seats);
    if (world.random.chance(0.5)) world.reload(seat);
    else for (const wire of [...seat.wires]) wire.cut();
  });
}

function repeatedly({ time, random }: World, everyMs: number, act: () => void): () => void {
  let isOver = false;
  const next = () => {
    if (isOver) return;
    act();
    time.after(random.between(0, 2 * everyMs), next, time.world);
  };
  next();
  return () => {
    isOver = true;
  };
}

/** All items of a room change within some milliseconds, again and again until a random moment. */
function hurrying(world: World): () => void {
  const { random, time, database, items } = world;
  const stopsAt = time.now() + random.between(0, 6_000);
  return repeatedly(world, 500, () => {
    if (time.now() > stopsAt) return;
    const { room } = random.pick(items);
    for (const item of items) if (item.room === room && random.chance(0.8)) database.write([item], 1, true);
  });
}

function whenSilent({ time }: World, act: () => void): void {
  time.after(SILENCE_MS, act, time.world);
}

function clientsOfNode(world: World) {
  const running = world.nodes.flatMap((place) => place.running ?? []);
  return world.random.pick(running).clients;
}

function clientsOfRelay(world: World) {
  const running = world.relays.flatMap((place) => place.running ?? []);
  return world.random.pick(running).clients;
}

function allClients(world: World) {
  return [...world.nodes, ...world.relays].flatMap(({ running }) => (running ? Object.values(running.clients) : []));
}
