import { clear } from '../model/pipe.js';
import type { Fault } from './fault.js';
import { comingAndGoing, hurrying, whenSilent } from './meanwhile.js';

/** What happens to a page and its connections. */
export const PAGE_FAULTS: readonly Fault[] = [
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
];
