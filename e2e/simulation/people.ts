/** What people do all the time, whatever goes wrong. */
import type { Room } from '@querycast/protocol';
import type { Item } from './model/database.js';
import type { Seat } from './world/seat.js';
import type { World } from './world/world.js';

/** Changes items, in each room until its moment. */
export function keepWriting(world: World, quietAt: ReadonlyMap<Room, number>): void {
  const { time, random, doors, items } = world;
  const paceMs = random.pick([200, 600, 1_500]);
  const isHasty = random.chance(0.3);
  const byDoor = doors.areUsed ? random.pick([0, 0.4, 1]) : 0;
  const next = () => {
    const possible = items.filter(({ room }) => time.now() <= (quietAt.get(room) ?? 0));
    if (possible.length === 0) return;
    const item = random.pick(possible);
    // Mostly one by one; at times a room is in a hurry, or one thing changes again and again.
    const neighbours = random.chance(0.7) ? items.filter(({ room }) => room === item.room) : [item];
    const burst = random.chance(isHasty ? 0.8 : 0.2) ? 2 + random.below(5) : 1;
    const withinMs = isHasty ? 30 : random.pick([5, 40, 1_000]);
    for (let count = 0; count < burst; count += 1) {
      const act = () => write(world, count === 0 ? item : random.pick(neighbours), possible, byDoor);
      time.after(random.between(0, withinMs), act, time.world);
    }
    time.after(random.between(0, 2 * paceMs * burst), next, time.world);
  };
  next();
}

/** Changes an item, perhaps with another of those that may change; `byDoor`: how likely past the outbox. */
function write(world: World, item: Item, possible: readonly Item[], byDoor: number): void {
  const { random, database } = world;
  const changed = random.chance(0.2) ? [item, random.pick(possible)] : [item];
  // Now and then somebody is just looking at what is about to change.
  const isLookedAt = random.chance(0.3);
  if (isLookedAt) world.toggle(random.pick(world.seats), item);
  const commitAfterMs = random.chance(0.1) ? random.between(100, 4_000) : random.between(0.5, isLookedAt ? 120 : 20);
  if (random.chance(0.08)) database.write([{ room: item.room, key: 'never' }], commitAfterMs, false);
  else if (random.chance(byDoor)) world.writeByDoor(item);
  else database.write([...new Set(changed)], commitAfterMs, true);
}

/** Shows and hides things, and reloads. */
export function keepBrowsing(world: World, until: number): void {
  const { time, random } = world;
  for (const seat of world.seats) {
    const next = () => {
      if (time.now() > until) return;
      if (random.chance(0.1)) world.reload(seat);
      else world.toggle(seat, random.pick(itemsOf(world, seat)));
      time.after(random.between(500, 6_000), next, time.world);
    };
    time.after(random.between(500, 6_000), next, time.world);
  }
}

/** What somebody may look at. */
export function itemsOf({ items, users }: World, { user }: Seat): readonly Item[] {
  return items.filter(({ room }) => users.mayRead(user).includes(room));
}
