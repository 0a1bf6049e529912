import { randomBytes } from 'node:crypto';
import { covers, type Invalidate, type Position, type Ready, type Room, type Row } from '@querycast/protocol';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createRedisBroker } from '../broker/redis-broker.js';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import { startNode } from './two-nodes.test.support.js';

const WITHIN_MS = 2_000;
/** Clients that move as they are asked to, and others that do not know how. */
const [OBEDIENT, DEAF] = [150, 50];
/** From the moment the first node is empty until the last client is ready on the other one: generous, machines differ. */
const SETTLED_WITHIN_MS = 60_000;
/** The longest pause before another try, in milliseconds. */
const RETRY_MS = 200;
/** How much sooner than asked a timer may seem to be. */
const CLOCKS_DIFFER_MS = 5;
/** Fewer than a log keeps, so that nothing but a lost frame can cost a client its continuity. */
const KEYS = 250;

let redis: RedisServer;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => redis.close());

async function start(node: string, prefix: string) {
  const commands = redisCommands({ url: redis.url });
  const subscriber = redisSubscriber({ url: redis.url });
  const broker = createRedisBroker({ commands, subscriber, prefix });
  const started = await startNode({ redis, prefix, broker, node, roomsOf: ({ id }) => ['class:1', `parent:${id}`] });
  closing.push(async () => {
    await started.close();
    await broker.close();
    commands.disconnect();
    subscriber.disconnect();
  });
  await new Promise<void>((resolve) => broker.onLive((live) => live && resolve()));
  return { broker, ...started };
}

type Node = Awaited<ReturnType<typeof start>>;

/** A client as PROTOCOL.md has it: it knows its positions and what it heard of, and finds its way to the other node. */
function createClient(id: string, from: Node, to: Node, isDeaf: boolean) {
  const positions: Record<Room, Position> = {};
  const heard = new Set<number>();
  const client = {
    positions,
    heard,
    node: '',
    /** The rows that the other node answered with. */
    rows: [] as Row[],
    resyncs: 0,
    gaps: 0,
    /** When its first socket was closed by the node, of the clock of the test. */
    cutAt: undefined as number | undefined,
  };
  let socket: Socket;
  let isMoving = false;

  function connect(node: Node): void {
    const auth = { token: id, protocol: 1, positions: { ...positions } };
    socket = io(node.url, { transports: ['websocket'], forceNew: true, reconnection: false, auth });
    const take = ({ rooms }: Pick<Ready, 'rooms'>) => {
      if (isMoving) client.rows.push(...rooms);
      for (const row of rooms) apply(row.room, row.position, row.keys);
    };
    socket.on('ready', (ready: Ready) => {
      client.node = ready.node;
      take(ready);
    });
    // On a machine so busy that Redis seems to be away for a moment.
    socket.on('joined', take);
    socket.on('connect_error', () => setTimeout(() => connect(node), Math.random() * RETRY_MS));
    socket.on('invalidate', ({ room, prev, position, keys }: Invalidate) => {
      const mine = positions[room];
      if (!mine || !covers(mine, prev)) client.gaps += 1;
      apply(room, position, keys);
    });
    socket.on('resync', () => {
      client.resyncs += 1;
    });
    socket.on('drain', ({ withinMs }: { withinMs: number }) => {
      if (!isDeaf) setTimeout(move, Math.random() * withinMs);
    });
    socket.on('disconnect', (reason) => {
      if (isMoving || reason === 'io client disconnect') return;
      client.cutAt = performance.now();
      move();
    });
  }

  function move(): void {
    if (isMoving) return;
    isMoving = true;
    socket.disconnect();
    connect(to);
  }

  function apply(room: Room, position: Position, keys: Invalidate['keys']): void {
    positions[room] = position;
    for (const [, key] of keys) heard.add(Number(key));
  }

  connect(from);
  closing.push(() => socket.disconnect());
  return client;
}

/** Publishes key after key, at a pace that nothing waits for but itself. */
function publishSteadily(node: Node) {
  const room = 'class:1';
  let published = 0;
  let isOver = false;
  let told = () => {};
  const publishing = (async () => {
    while (!isOver && published < KEYS) {
      const append = { room, keys: [['k', published]], id: `change-${published}` } as const;
      // The id makes another try harmless, as it does for every publisher.
      const isThere = await node.broker.append(append).then(
        () => true,
        () => false,
      );
      if (isThere) published += 1;
      told();
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  })();
  return {
    async reached(count: number): Promise<void> {
      while (published < count) {
        await new Promise<void>((resolve) => {
          told = resolve;
        });
      }
    },
    async stop(): Promise<number> {
      isOver = true;
      await publishing;
      return published;
    },
  };
}

it('moves everybody to another node, each at a moment of its own, while publishing goes on, and nothing is missed', async () => {
  const prefix = `qc-${randomBytes(6).toString('hex')}:`;
  const [a, b] = [await start('a', prefix), await start('b', prefix)];
  const clients = Array.from({ length: OBEDIENT + DEAF }, (_, index) =>
    createClient(String(index), a, b, index >= OBEDIENT),
  );
  const deaf = clients.slice(OBEDIENT);
  const all = (node: string) => clients.every((client) => client.node === node);
  await expect.poll(() => all('a'), { timeout: SETTLED_WITHIN_MS }).toBe(true);

  const stream = publishSteadily(b);
  await stream.reached(5);
  const beganAt = performance.now();
  const drained = a.gateway.drain(WITHIN_MS);
  expect(a.gateway.isReady()).toBe(false);
  await drained;
  expect(a.gateway.sessions()).toEqual([]);
  await expect.poll(() => all('b'), { timeout: SETTLED_WITHIN_MS }).toBe(true);
  const published = await stream.stop();

  // Nobody is cut before the time to move is over, and those who are, one after the other.
  const cuts = clients.flatMap(({ cutAt }) => (cutAt === undefined ? [] : [cutAt - beganAt])).sort((x, y) => x - y);
  expect(deaf.every(({ cutAt }) => cutAt !== undefined)).toBe(true);
  // Of so many at most: some that were asked late may still have been there.
  const soonestMs = (nth: number) => WITHIN_MS + (WITHIN_MS / 2) * ((nth + 1) / clients.length);
  expect(cuts.filter((atMs, nth) => atMs < soonestMs(nth) - CLOCKS_DIFFER_MS)).toEqual([]);

  // Nobody missed anything: each continues where it was, with every key of the time in between.
  const { position: head } = await b.broker.append({ room: 'class:1', keys: [['k', -1]] });
  await expect
    .poll(() => clients.every(({ positions }) => positions['class:1'] === head), { timeout: 5_000 })
    .toBe(true);
  expect(new Set(clients.flatMap(({ rows }) => rows.map(({ status }) => status)))).toEqual(new Set(['recovered']));
  expect(clients.map(({ rows, resyncs, gaps, heard }) => [rows.length, resyncs, gaps, heard.size])).toEqual(
    clients.map(() => [2, 0, 0, published + 1]),
  );
}, 180_000);
