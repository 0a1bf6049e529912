import type { FaultProxy } from '../support/fault-proxy.js';
import { exchange, failOver, masterOf, replicating, restart } from './masters.js';
import type { Page } from './page.js';
import { type Place, soon } from './place.js';
import { shareOut } from './share-out.js';
import { everyPage, nodesSay, pagesOfTheFirst, unnoticed, type Watch } from './watches.js';

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
  /** What has to be so before, for it to show. */
  prepare?(place: Place, pages: readonly Page[]): Promise<void>;
  /** Breaks it; resolves when it is as broken as it is called: a silence has been noticed, another master is there. */
  strike(place: Place, pages: readonly Page[]): Promise<Repair> | Repair;
}

/**
 * Whether there are silences, too, that last until pages notice them: a ping every 15 s and 10 s of patience, which are
 * too long for every run.
 */
const IS_LONG = process.env['CHAOS_LONG'] !== undefined;

/** For who notices last, in milliseconds: those 25 s, and what a slow machine takes. What is promised has tests of its own. */
const NOTICED_WITHIN_MS = 60_000;

/**
 * One after the other; whatever one leaves is where the next one begins. It is always the same gateway: nginx needs some
 * seconds to use one again, and another one broken meanwhile would be two faults.
 */
export const FAULTS: readonly Fault[] = [
  wire('the network of all pages is cut', pages, (each) => each.cut()),
  wire('the network of all pages swallows everything', pages, (each) => each.silence()),
  ...(IS_LONG ? [silence('the network of all pages swallows everything until they notice', pages, everyPage)] : []),
  wire('the network of all pages is 300 ms late', pages, (each) => each.delay(300)),
  gateway('a gateway is killed', async ({ nodes: [node], handWritten }) => {
    await Promise.all([node.kill(), handWritten.kill()]);
    return () => Promise.all([node.start(), handWritten.start()]);
  }),
  gateway('a gateway is stopped as for an upgrade', async ({ nodes: [node], handWritten }) => {
    await Promise.all([node.stop(), handWritten.kill()]);
    return () => Promise.all([node.start(), handWritten.start()]);
  }),
  gateway('a gateway hangs', hang),
  ...(IS_LONG ? [gateway('a gateway hangs until its pages notice', hang, pagesOfTheFirst)] : []),
  wire('the network to Redis is cut', log, (each) => each.cut()),
  silence('the network to Redis swallows everything', log, everyPage),
  wire('the network to Redis is 200 ms late', log, (each) => each.delay(200)),
  {
    name: 'Redis is killed and comes back with its data',
    isExact: false,
    async strike(place) {
      const master = await masterOf(place);
      await master.kill();
      return () => restart(master, place);
    },
  },
  {
    name: 'Redis comes back without its data',
    isExact: false,
    async strike(place) {
      const master = await masterOf(place);
      await master.cli('FLUSHALL');
      await master.kill();
      return () => restart(master, place);
    },
  },
  {
    name: 'Redis fails over to its replica',
    isExact: false,
    async strike(place) {
      const before = await failOver(place);
      return () => restart(before, place);
    },
  },
  {
    name: 'Redis fails back',
    isExact: false,
    async strike(place) {
      await exchange(place);
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
  silence(
    'the network to the cache swallows everything',
    ({ wires }) => [wires.cacheRedis],
    nodesSay(/"name":"cache".*"redis connection lost"/),
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
  silence(
    'the network to PostgreSQL swallows everything',
    ({ wires }) => [wires.database],
    nodesSay(/"outbox relay failed, trying again"/),
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

/** A wire that swallows everything until it is noticed. */
function silence(name: string, wiresOf: (place: Place) => readonly FaultProxy[], watch: Watch): Fault {
  return untilNoticed(
    wire(name, wiresOf, (each) => each.silence()),
    watch,
  );
}

/** Something that happens to a gateway which has pages. */
function gateway(name: string, strike: Fault['strike'], watch: Watch = unnoticed): Fault {
  return { ...untilNoticed({ name, isExact: true, strike }, watch), prepare: shareOut };
}

function hang({ nodes: [node], handWritten }: Place): Repair {
  for (const each of [node, handWritten]) each.pause();
  return () => {
    for (const each of [node, handWritten]) each.resume();
  };
}

function untilNoticed(fault: Fault, watch: Watch): Fault {
  return {
    ...fault,
    async strike(place, pages) {
      const noticed = await watch(place, pages);
      const repair = await fault.strike(place, pages);
      await soon(noticed, NOTICED_WITHIN_MS);
      return repair;
    },
  };
}
