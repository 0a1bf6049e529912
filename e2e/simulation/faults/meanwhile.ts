/** What people do, and what changes, while something goes wrong: it decides whether that shows. */
import { ROOMS, type World } from '../world/world.js';

/** A ping and the wait for its answer: then both ends of a silent connection give it up. */
const SILENCE_MS = 25_000;

/** A page is offline for a while: what else happens then matters most to whoever has to catch up. */
export function someoneIsAway({ random, time, seats }: World, forMs: number): void {
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
export function comingAndGoing(world: World, everyMs: number, seats = world.seats): () => void {
  const stopsAt = world.time.now() + world.random.between(0, 6_000);
  return repeatedly(world, everyMs, () => {
    if (world.time.now() > stopsAt) return;
    const seat = world.random.pick(seats);
    if (world.random.chance(0.5)) world.reload(seat);
    else for (const wire of [...seat.wires]) wire.cut();
  });
}

/** Does something at once and again and again, until the answered function is called. */
export function repeatedly({ time, random }: World, everyMs: number, act: () => void): () => void {
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

/** All items of a room change within some milliseconds, again and again, in each room until a random moment of its own. */
export function hurrying(world: World): () => void {
  const { random, time, database, items, doors } = world;
  const stopsAt = new Map(ROOMS.map((room) => [room, time.now() + random.between(0, 6_000)]));
  return repeatedly(world, 500, () => {
    const hurried = items.filter(({ room }) => (stopsAt.get(room) ?? 0) > time.now());
    if (hurried.length === 0) return;
    const { room } = random.pick(hurried);
    // One envelope for all of them, or one for each.
    const isByDoor = doors.areUsed && random.chance(0.5);
    for (const item of items) {
      if (item.room !== room || !random.chance(0.8)) continue;
      if (isByDoor) world.writeByDoor(item);
      else database.write([item], 1, true);
    }
  });
}

/** Does something when both ends of a connection have had time to notice that it is silent. */
export function whenSilent({ time }: World, act: () => void): void {
  time.after(SILENCE_MS, act, time.world);
}
