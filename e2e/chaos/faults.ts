import type { RedisServer } from '@querycast/test-servers';
import { expect } from 'vitest';
import type { FaultProxy } from '../support/fault-proxy.js';
import { type Place, REDIS_NAME, soon } from './place.js';

/** Repairs what was broken; resolves when everything runs again. */
type Repair = () => unknown;

/** Something that breaks while changes go on. */
export interface Fault {
  readonly name: string;
  /**
   * Whether nothing may have to be taken for stale as a whole: the log was never in doubt, so what was missed is known
   * exactly.
   */
  readonly isExact: boolean;
  /** Breaks it. */
  strike(place: Place): Promise<Repair> | Repair;
}

/** A failover that takes longer does not come: Sentinel has given it up by then. */
const GIVEN_UP_AFTER_MS = 8_000;

/**
 * One after the other; whatever one leaves is where the next one begins. It is always the same gateway: nginx needs some
 * seconds to use one again, and another one broken meanwhile would be two faults.
 */
export const FAULTS: readonly Fault[] = [
  wire('the network of all pages is cut', pages, (each) => each.cut()),
  wire('the network of all pages swallows everything', pages, (each) => each.silence()),
  wire('the network of all pages is 300 ms late', pages, (each) => each.delay(300)),
  {
    name: 'a gateway is killed',
    isExact: true,
    async strike({ nodes: [node], handWritten }) {
      await Promise.all([node.kill(), handWritten.kill()]);
      return () => Promise.all([node.start(), handWritten.start()]);
    },
  },
  {
    name: 'a gateway is stopped as for an upgrade',
    isExact: true,
    async strike({ nodes: [node], handWritten }) {
      await Promise.all([node.stop(), handWritten.kill()]);
      return () => Promise.all([node.start(), handWritten.start()]);
    },
  },
  {
    name: 'a gateway hangs',
    isExact: true,
    strike({ nodes: [node], handWritten }) {
      for (const each of [node, handWritten]) each.pause();
      return () => {
        for (const each of [node, handWritten]) each.resume();
      };
    },
  },
  wire('the network to Redis is cut', log, (each) => each.cut()),
  wire('the network to Redis swallows everything', log, (each) => each.silence()),
  wire('the network to Redis is 200 ms late', log, (each) => each.delay(200)),
  {
    name: 'Redis is killed and comes back with its data',
    isExact: false,
    async strike(place) {
      const master = await masterOf(place);
      await master.kill();
      return () => restarted(master, place);
    },
  },
  {
    name: 'Redis comes back without its data',
    isExact: false,
    async strike(place) {
      const master = await masterOf(place);
      await master.cli('FLUSHALL');
      await master.kill();
      return () => restarted(master, place);
    },
  },
  {
    name: 'Redis fails over to its replica',
    isExact: false,
    async strike(place) {
      const before = await masterOf(place);
      await before.kill();
      await soon(async () => expect(await masterOf(place)).not.toBe(before));
      return () => restarted(before, place);
    },
  },
  {
    name: 'Redis fails back',
    isExact: false,
    async strike(place) {
      const before = await masterOf(place);
      // Refused while the former master is not yet known as a replica that keeps up; or begun, and given up.
      await soon(async () => {
        expect(await failOver(place)).toBe('OK');
        await soon(async () => expect(await masterOf(place)).not.toBe(before), GIVEN_UP_AFTER_MS);
      });
      return () => replicating(place);
    },
  },
  {
    name: 'the Redis of the cache is killed',
    isExact: true,
    async strike({ cacheRedis }) {
      await cacheRedis.kill();
      return () => cacheRedis.start();
    },
  },
  wire(
    'the network to the cache swallows everything',
    ({ wires }) => [wires.cacheRedis],
    (each) => each.silence(),
  ),
  {
    name: 'PostgreSQL crashes',
    isExact: true,
    async strike({ postgres }) {
      await postgres.stop('immediate');
      return () => postgres.start();
    },
  },
  wire(
    'the network to PostgreSQL is cut',
    ({ wires }) => [wires.database],
    (each) => each.cut(),
  ),
  wire(
    'the network to PostgreSQL swallows everything',
    ({ wires }) => [wires.database],
    (each) => each.silence(),
  ),
];

function pages({ wires }: Place): readonly FaultProxy[] {
  return [wires.pages, wires.handWritten];
}

function log({ wires }: Place): readonly FaultProxy[] {
  return wires.redis;
}

/** A wire loses nothing that the log does not hold. */
function wire(
  name: string,
  wiresOf: (place: Place) => readonly FaultProxy[],
  spoil: (wire: FaultProxy) => void,
): Fault {
  return {
    name,
    isExact: true,
    strike(place) {
      for (const each of wiresOf(place)) spoil(each);
      return () => {
        for (const each of wiresOf(place)) each.mend();
      };
    },
  };
}

/** Which of the two servers Sentinel takes for the master. */
async function masterOf({ sentinel, redis, wires }: Place) {
  const [, port] = (await sentinel.cli('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', REDIS_NAME)).split('\n');
  const server = redis[wires.redis.findIndex((each) => String(each.port) === port)];
  if (!server) throw new Error(`nobody here is the master at port ${port}`);
  return server;
}

async function restarted(server: RedisServer, place: Place): Promise<void> {
  await server.start();
  await replicating(place);
}

/** Until then it is not over: a master begins another life when it gets its first replica. */
async function replicating(place: Place): Promise<void> {
  await soon(async () => {
    expect(await (await masterOf(place)).cli('INFO', 'replication')).toMatch(/slave0:.*state=online/);
  });
}

function failOver({ sentinel }: Place): Promise<string> {
  return sentinel.cli('SENTINEL', 'FAILOVER', REDIS_NAME).catch((error: unknown) => String(error));
}
