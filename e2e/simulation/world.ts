/** Everything of one run: the machines, who sits in front of them, and what faults can be done to them. */
import type { Room } from '@querycast/protocol';
import { createRandom, type Random } from './chance/random.js';
import { createVirtualTime, type Process, type VirtualTime } from './chance/virtual-time.js';
import { createDatabase, type Database, type Item } from './model/database.js';
import { fairWeather, type Weather } from './model/pipe.js';
import type { RedisClient } from './model/redis-client.js';
import { createRedisPair, type RedisPair } from './model/redis-pair.js';
import type { ModelTools } from './model/redis-server.js';
import { type Load, usualLoad } from './product/compute-delay.js';
import { startDoor } from './product/door.js';
import { type Backend, type Node, startNode } from './product/node.js';
import { openPage, type Page } from './product/page.js';
import { createPageFetch, type Underway } from './product/page-fetch.js';
import { createWireTransport, type Wire } from './product/page-wire.js';
import { type RelayProcess, startRelay } from './product/relay.js';
import { createUsers, type Users } from './product/users.js';
import { createWitness, type Witness } from './witness.js';

/** A place for a process, which is started anew after a crash. */
export interface Place<T extends { readonly process: Process }> {
  readonly name: string;
  running: T | undefined;
}

/** A person with a page. */
export interface Seat {
  readonly user: string;
  readonly weather: Weather;
  readonly wires: Set<Wire>;
  page: Page | undefined;
  /** What the page shows, each with the way to hide it. */
  readonly shown: Map<Item, () => void>;
}

/** One run's world. */
export interface World {
  readonly tools: ModelTools;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly witness: Witness;
  readonly log: RedisPair;
  readonly cache: RedisPair;
  readonly database: Database;
  readonly nodes: readonly Place<Node>[];
  readonly relays: readonly Place<RelayProcess>[];
  readonly seats: readonly Seat[];
  readonly items: readonly Item[];
  readonly users: Users;
  readonly load: Load;
  start(place: Place<Node> | Place<RelayProcess>): void;
  kill(place: Place<Node> | Place<RelayProcess>): void;
  /** Opens a page that shows these items. */
  openPage(seat: Seat, items: readonly Item[]): void;
  closePage(seat: Seat): void;
  /** Shows an item, or hides one that is shown. */
  toggle(seat: Seat, item: Item): void;
  /** Opens the page anew, with what it shows. */
  reload(seat: Seat): void;
  /** Writes past the outbox, and publishes by the door for TypeScript until that succeeds. */
  writeByDoor(item: Item): void;
}

export const ROOMS: readonly Room[] = ['class:0', 'class:1', 'class:2'];
const KEYS = ['grades', 'plans', 'reports', 'weeks', 'marks'];

const RIGHTS = new Map<string, { readonly own: readonly Room[]; readonly extra: readonly Room[] }>([
  ['ann', { own: ['class:0', 'class:1'], extra: [] }],
  ['bob', { own: ['class:1'], extra: ['class:2'] }],
  ['cem', { own: ['class:0', 'class:2'], extra: [] }],
]);

/** Creates a world in which nothing runs yet. `trace` is given every line when there is somebody to read it. */
export function createWorld(seed: number, trace: ((line: string) => void) | undefined): World {
  const time = createVirtualTime();
  const random = createRandom(seed);
  const tools: ModelTools = {
    time,
    random,
    trace: (who, what) => trace?.(`${time.now().toFixed(1).padStart(9)}  ${who.padEnd(12)} ${what()}`),
    unknown: (what) => {
      witness.report(`the model does not know ${what}`);
      return new Error(`the model does not know ${what}`);
    },
  };
  const database = createDatabase(tools);
  const users = createUsers(RIGHTS);
  const load = usualLoad();
  const witness = createWitness({ tools, database, users });
  const log = createRedisPair('log', tools);
  const cache = createRedisPair('cache', tools);
  const backend: Backend = { tools, log, cache, database, users, load };
  const underway: Underway = new Map();
  let processes = 0;

  const nodes: Place<Node>[] = ['node-1', 'node-2'].map((name) => ({ name, running: undefined }));
  const relays: Place<RelayProcess>[] = ['relay-1', 'relay-2'].map((name) => ({ name, running: undefined }));
  const seats: Seat[] = [...RIGHTS.keys()].map((user) => ({
    user,
    weather: fairWeather(),
    wires: new Set(),
    page: undefined,
    shown: new Map(),
  }));

  const running = () => nodes.flatMap(({ running: node }) => node ?? []);
  const route = () => (running().length > 0 ? random.pick(running()) : undefined);

  for (const pair of [log, cache]) {
    pair.onSwitch(() => {
      for (const client of clientsOf(pair)) {
        // The Sentinels tell; not everybody hears them at once.
        time.after(
          random.between(0, 1_500),
          () => {
            if (client.hearsSentinels && client.server && client.server !== pair.master()) client.disconnect(true);
          },
          time.world,
        );
      }
    });
  }

  function clientsOf(pair: RedisPair): RedisClient[] {
    const all = [...[...nodes, ...relays].flatMap(({ running: each }) => (each ? [each.clients] : [])), door.clients];
    return pair === log
      ? all.flatMap(({ commands, subscriber }) => [commands, subscriber])
      : all.map((each) => each.cache);
  }

  const world: World = {
    tools,
    time,
    random,
    witness,
    log,
    cache,
    database,
    nodes,
    relays,
    seats,
    users,
    load,
    items: ROOMS.flatMap((room) => KEYS.map((key) => ({ room, key }))),
    start(place) {
      processes += 1;
      const process = time.spawn(place.name);
      tools.trace(place.name, () => `starts (${processes})`);
      time.after(
        0,
        () => {
          if (isNodePlace(place)) place.running = startNode(process, backend);
          else place.running = startRelay(process, backend);
        },
        process,
      );
    },
    kill(place) {
      const victim = place.running;
      if (!victim) return;
      tools.trace(place.name, () => 'killed');
      place.running = undefined;
      time.kill(victim.process);
      for (const client of Object.values(victim.clients)) client.vanish();
      database.forget(victim.process);
      for (const { wires } of seats)
        for (const wire of [...wires]) if (wire.host.process === victim.process) wire.cut();
      if ('handle' in victim) {
        for (const breakOff of underway.get(victim) ?? []) breakOff();
        underway.delete(victim);
      }
    },
    openPage(seat, items) {
      processes += 1;
      const process = time.spawn(`page-${seat.user}`);
      const { weather, wires, user } = seat;
      const seen = witness.page(user);
      time.after(
        0,
        () => {
          seat.page = openPage({
            tools,
            process,
            user,
            own: users.roomsOf(user),
            transport: createWireTransport({
              tools,
              page: process,
              weather,
              route: () => route()?.host,
              wires,
              inspect: seen.message,
            }),
            fetch: createPageFetch({ tools, page: process, user, weather, route, underway, began: seen.request }),
            onEvent: seen.event,
            onBehind: seen.behind,
            onWarning: seen.warning,
          });
          for (const item of items) seat.shown.set(item, seat.page.show(item));
        },
        process,
      );
    },
    closePage(seat) {
      const { page } = seat;
      if (!page) return;
      seat.page = undefined;
      seat.shown.clear();
      time.after(
        0,
        () => {
          page.close();
          // What is left of it runs no more.
          time.after(0, () => time.kill(page.process), time.world);
        },
        page.process,
      );
    },
    toggle(seat, item) {
      const { page } = seat;
      if (!page || !users.mayRead(seat.user).includes(item.room)) return;
      time.after(
        0,
        () => {
          const hide = seat.shown.get(item);
          if (seat.page !== page) return;
          if (!seat.shown.delete(item)) seat.shown.set(item, page.show(item));
          hide?.();
        },
        page.process,
      );
    },
    reload(seat) {
      if (!seat.page) return;
      const items = [...seat.shown.keys()];
      world.closePage(seat);
      time.after(random.between(5, 200), () => world.openPage(seat, items), time.world);
    },
    writeByDoor: (item) => door.write(item),
  };

  /** A backend of somebody else, which nothing happens to. */
  const door = startDoor(time.spawn('door'), backend);
  return world;

  function isNodePlace(place: Place<Node> | Place<RelayProcess>): place is Place<Node> {
    return nodes.includes(place as Place<Node>);
  }
}
