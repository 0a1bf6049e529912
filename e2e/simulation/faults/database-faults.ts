import { usualLoad } from '../product/compute-delay.js';
import type { Fault } from './fault.js';
import { comingAndGoing, hurrying } from './meanwhile.js';

/** What happens to the database, and to what is computed from it. */
export const DATABASE_FAULTS: readonly Fault[] = [
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
