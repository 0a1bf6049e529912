import { clear, type Weather } from '../model/pipe.js';
import type { World } from '../world/world.js';
import type { Fault, Side } from './fault.js';

/** A network path that is cut or swallows everything. */
export function path(name: string, side: Side, weathers: (world: World) => readonly Weather[]): Fault {
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

function allClients(world: World) {
  return [...world.nodes, ...world.relays].flatMap(({ running }) => (running ? Object.values(running.clients) : []));
}
