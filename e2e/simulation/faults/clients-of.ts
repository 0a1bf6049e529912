import type { World } from '../world/world.js';

/** The connections of any process that runs at one of these places. */
export function clientsOf(world: World, places: 'nodes' | 'relays') {
  const running = world[places].flatMap((place) => place.running ?? []);
  return world.random.pick(running).clients;
}
