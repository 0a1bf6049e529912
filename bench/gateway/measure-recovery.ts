import { canonicalForm, type Position } from '@querycast/protocol';
import { type Client, connectClients, offsetOf } from './clients.js';
import { publish } from './publish.js';
import { type CommandCounts, commandCounts, resetCommandCounts } from './redis-figures.js';
import { keyOf, READS } from './rooms.js';
import type { GatewayStack } from './stack.js';
import { waitUntil } from './wait-until.js';

/** How much is measured. */
export interface RecoveryOptions {
  readonly rooms: number;
  /** Spread over the rooms. */
  readonly clients: number;
  /** How many invalidations are missed each time, all rooms together. */
  readonly missed: readonly number[];
}

/** What it cost that everybody returned at once after having missed so much. */
export interface RecoveryFigures {
  readonly missed: number;
  readonly clients: number;
  readonly rooms: number;
  /** Of the server, from the first connection to the last row. */
  readonly commands: CommandCounts;
  /** Per client, from its first byte to its row, the upgrade of HTTP included. */
  readonly received: { readonly mean: number; readonly most: number };
  readonly sent: { readonly mean: number; readonly most: number };
  /** From the first connection to the last row, in milliseconds. */
  readonly elapsedMs: number;
  /** Clients that got exactly the keys that they missed, and the newest position. */
  readonly exact: number;
}

/** What a client may cost at its return, in bytes. */
export const MOST_BYTES = 1_024;

/**
 * Whether everybody got exactly what was missed, for a subscription per room and at most a read per client: less than twice
 * as many, as sweeps and probes come in between.
 */
export function isCheap({ clients, rooms, commands, received, exact }: RecoveryFigures): boolean {
  const isOfRooms = commands.subscriptions < 2 * rooms && commands.scripts < clients + rooms;
  return exact === clients && isOfRooms && received.most < MOST_BYTES;
}

/** Lets everybody go, publishes, and lets everybody return at once with the position they had. */
export async function measureRecovery(stack: GatewayStack, options: RecoveryOptions): Promise<RecoveryFigures[]> {
  const { rooms, clients } = options;
  const { url } = stack.gateway;
  let away = await leave(stack, await connectClients({ url, rooms, clients, batch: 50 }));
  const figures: RecoveryFigures[] = [];
  for (const missed of options.missed) {
    const positions = positionsOf(away, rooms);
    await publish({ publisher: stack.publisher, rooms, invalidations: missed, ids: false });
    await resetCommandCounts(stack.redis);
    const startedAt = performance.now();
    const back = await connectClients({ url, rooms, clients, positions });
    const elapsedMs = performance.now() - startedAt;
    const commands = await commandCounts(stack.redis);
    figures.push({
      missed,
      clients,
      rooms,
      commands,
      received: spreadOf(back.map(({ bytes }) => bytes.received)),
      sent: spreadOf(back.map(({ bytes }) => bytes.sent)),
      elapsedMs,
      exact: back.filter((client) => isExact(client, positions, { missed, rooms })).length,
    });
    away = await leave(stack, back);
  }
  return figures;
}

/** Waits until the gateway has closed every room, so that all of them are opened anew. */
async function leave({ redis, prefix }: GatewayStack, clients: readonly Client[]): Promise<readonly Client[]> {
  for (const client of clients) client.close();
  await waitUntil(
    'all rooms to be closed',
    async () => (await redis.cli('PUBSUB', 'SHARDCHANNELS', `${prefix}{parent:*`)) === '',
  );
  return clients;
}

/** By number of the room. All clients of a room were told the same. */
function positionsOf(clients: readonly Client[], rooms: number): readonly Position[] {
  return Array.from({ length: rooms }, (_, room) => {
    const client = clients.find((each) => each.room === room);
    if (!client) throw new RangeError('there are rooms without a client');
    return client.position();
  });
}

function isExact(
  { room, row }: Client,
  positions: readonly Position[],
  { missed, rooms }: { missed: number; rooms: number },
) {
  const since = positions[room];
  // Rooms take turns.
  const count = Math.floor(missed / rooms) + (room < missed % rooms ? 1 : 0);
  const keys = Array.from({ length: Math.min(count, READS) }, (_, read) => canonicalForm(keyOf(room, read)));
  return (
    since !== undefined &&
    row.status === 'recovered' &&
    offsetOf(row.position) === offsetOf(since) + count &&
    row.keys.map(canonicalForm).sort().join() === keys.sort().join()
  );
}

function spreadOf(values: readonly number[]): { readonly mean: number; readonly most: number } {
  const sum = values.reduce((total, value) => total + value, 0);
  return { mean: sum / values.length, most: values.reduce((most, value) => Math.max(most, value), 0) };
}
