import { parsePosition } from '@querycast/protocol';
import type { Fault } from './faults/fault.js';
import type { Seat } from './world/seat.js';
import { ROOMS, type World } from './world/world.js';

/**
 * What is wrong with a world at rest: somebody stale or left out, something that grew. `isThorough`: after more than the
 * minute for which published rows are kept, in case that the broker forgets them.
 */
export function complaints(world: World, faults: readonly Fault[], isThorough: boolean): string[] {
  return [
    ...world.seats.flatMap((seat) => complaintsOf(seat, world)),
    ...resyncs(world, faults),
    ...world.nodes.flatMap((place) => sizes(place, world)),
    ...leftovers(world, isThorough),
  ];
}

function complaintsOf({ user, page }: Seat, { database }: World): string[] {
  if (!page) return [];
  const found: string[] = [];
  const { state } = page.client.status();
  if (state !== 'live') found.push(`${user} is ${state} at rest`);
  for (const [item, version] of page.shown()) {
    const newest = database.version(item);
    if (version === newest) continue;
    const { status } = page.queryClient.getQueryState([item.key, item.room]) ?? {};
    // A first load that failed for good is an error on the screen, which nobody takes for news.
    if (version === undefined && status === 'error') continue;
    found.push(`${user} shows ${item.room}/${item.key} v${version} at rest, v${newest} is committed`);
  }
  for (const query of page.queryClient.getQueryCache().getAll()) {
    const [key, room] = query.queryKey as [string, (typeof ROOMS)[number]];
    const isOld = query.state.data !== undefined && query.state.data !== database.version({ room, key });
    if (isOld && !query.isStale()) found.push(`${user} keeps an old ${room}/${key} as fresh`);
  }
  return found;
}

function resyncs({ witness }: World, faults: readonly Fault[]): string[] {
  if (faults.some(({ side }) => side === 'backend') || witness.resyncs() === 0) return [];
  return [`${witness.resyncs()} blanket resyncs without a fault of the backend`];
}

function sizes({ name, running }: World['nodes'][number], { seats }: World): string[] {
  if (!running) return [];
  const found: string[] = [];
  const sessions = running.gauges.get('sessions') ?? 0;
  const open = seats.flatMap(({ wires }) => [...wires]).filter(({ host }) => host === running.host).length;
  if (sessions !== open) found.push(`${name} keeps ${sessions} sessions for ${open} connections`);
  const rooms = running.gauges.get('rooms') ?? 0;
  if (rooms > ROOMS.length) found.push(`${name} keeps ${rooms} rooms open`);
  const channels = running.clients.subscriber.serverEnd?.channels.size ?? 0;
  if (channels > ROOMS.length + 4) found.push(`${name} keeps ${channels} subscriptions`);
  return found;
}

function leftovers({ database, log }: World, isThorough: boolean): string[] {
  const { data } = log.master();
  const rows = [...database.outbox.values()].filter(({ publishedAt }) => isThorough || publishedAt === undefined);
  return [
    ...(rows.length > 0 ? [`${rows.length} rows are left in the outbox`] : []),
    ...data.rooms().flatMap((room) => (parsePosition(data.position(room)) ? [] : [`${room} has no position`])),
  ];
}

/** How often the sweeps of all nodes found a room behind its log. */
export function sweptOf({ nodes }: World): number {
  return nodes.reduce((sum, { running }) => sum + (running?.swept() ?? 0), 0);
}
