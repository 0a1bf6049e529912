/** Everything of one run: the machines, who sits in front of them, and what faults can be done to them. */
import type { Room } from '@querycast/protocol';
import { createRandom, type Random } from '../chance/random.js';
import { createVirtualTime, type VirtualTime } from '../chance/virtual-time.js';
import { createDatabase, type Database, type Item } from '../model/database.js';
import { createRedisPair, type RedisPair } from '../model/redis-pair.js';
import type { ModelTools } from '../model/redis-server.js';
import type { Backend, Clients } from '../product/backend.js';
import { type Load, usualLoad } from '../product/compute-delay.js';
import { type Door, startDoor } from '../product/door.js';
import { createUsers, type Users } from '../product/users.js';
import { type Browsing, createBrowsing } from './browsing.js';
import { createPlaces, type Places } from './places.js';
import { newSeat, type Seat } from './seat.js';
import { createWitness, type Witness } from './witness.js';

/** One run's world. */
export interface World extends Browsing, Omit<Places, 'route' | 'underway'> {
  readonly tools: ModelTools;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly witness: Witness;
  readonly log: RedisPair;
  readonly cache: RedisPair;
  readonly database: Database;
  readonly seats: readonly Seat[];
  readonly items: readonly Item[];
  readonly users: Users;
  readonly load: Load;
  /** Whether anybody may write past the outbox: what is lost there has no record to publish again from. */
  readonly doors: { areUsed: boolean };
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
  const seats = [...RIGHTS.keys()].map(newSeat);
  const places = createPlaces(backend, seats);
  // A backend of somebody else, which nothing happens to.
  const door = startDoor(time.spawn('door'), backend);
  for (const pair of [log, cache]) tellOfSwitches(pair, backend, places, door);
  return {
    ...createBrowsing({ tools, users, witness, places }),
    ...places,
    ...{ tools, time, random, witness, log, cache, database, seats, users, load },
    items: ROOMS.flatMap((room) => KEYS.map((key) => ({ room, key }))),
    doors: { areUsed: true },
    writeByDoor: door.write,
  };
}

/** The Sentinels tell who the master is; not everybody hears them at once. */
function tellOfSwitches(pair: RedisPair, { log, tools: { time, random } }: Backend, places: Places, door: Door): void {
  const used = ({ commands, subscriber, cache }: Clients) => (pair === log ? [commands, subscriber] : [cache]);
  const everybody = () => [
    ...[...places.nodes, ...places.relays].flatMap(({ running }) => (running ? used(running.clients) : [])),
    ...used(door.clients),
  ];
  pair.onSwitch(() => {
    for (const client of everybody()) {
      const hear = () => {
        if (client.hearsSentinels && client.server && client.server !== pair.master()) client.disconnect(true);
      };
      time.after(random.between(0, 1_500), hear, time.world);
    }
  });
}
