/** Test support: gateways as in separate processes, each with an HTTP server and Redis clients of its own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RedisServer } from '@querycast/test-servers';
import { io } from 'socket.io-client';
import { vi } from 'vitest';
import type { Broker } from '../broker/broker.js';
import { recordObservability } from '../publisher/recorded-observability.js';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import type { RedisTarget } from '../redis/redis-target.js';
import { createGateway, type GatewayOptions } from './gateway.js';
import { redisAdapter } from './redis-adapter.js';

/** One gateway and what belongs to it. */
export type TestNode = Awaited<ReturnType<typeof startNode>>;

/** Starts a gateway whose tokens are `<user>` or `<user>/<log-in>`, in the room `parent:<user>`. */
export async function startNode(
  options: Partial<GatewayOptions> & {
    readonly redis: RedisServer | RedisTarget;
    readonly prefix: string;
    readonly broker: Broker;
  },
) {
  const { redis, prefix, ...rest } = options;
  const target: RedisTarget = 'cli' in redis ? { url: redis.url } : redis;
  const commands = redisCommands(target);
  const subscriber = redisSubscriber(target);
  const recorded = recordObservability();
  const { logger, metrics } = recorded;
  const http = createServer();
  const gateway = createGateway({
    authenticate: async (token) => principalOf(token),
    roomsOf: ({ id }) => [`parent:${id}`],
    adapter: redisAdapter({ commands, subscriber, prefix, logger, metrics }),
    logger,
    metrics,
    ...rest,
  }).attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const clients: ReturnType<typeof connectTo>[] = [];
  return {
    gateway,
    url,
    commands,
    subscriber,
    lines: recorded.lines,
    counts: recorded.counts,
    counted: (name: string) => recorded.counts.filter((count) => count.name === name).length,
    logged: (message: string) => vi.waitFor(() => foundIn(recorded.lines, message), { timeout: 10_000 }),
    connect(token: string) {
      const client = connectTo(url, token);
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.socket.disconnect();
      await gateway.close();
      commands.disconnect();
      subscriber.disconnect();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** What a token stands for. */
export function principalOf(token: string) {
  const [id = '', session] = token.split('/');
  return { id, claims: {}, ...(session === undefined ? {} : { session }) };
}

/** Waits until so many nodes hear each other. */
export async function untilConnected(redis: RedisServer, prefix: string, nodes: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const [, count] = (await redis.cli('PUBSUB', 'SHARDNUMSUB', `${prefix}control:{nodes}#/#`)).split('\n');
      if (Number(count) !== nodes) throw new Error(`${count} of ${nodes} nodes are there`);
    },
    { timeout: 10_000, interval: 20 },
  );
}

/** Connects a client anew that was told to disconnect: until its socket is closed it believes that it is connected. */
export async function connectAnew(client: TestNode['commands']): Promise<void> {
  await vi.waitUntil(() => client.status === 'end');
  await client.connect();
}

function foundIn(lines: readonly { readonly message: string }[], message: string): void {
  if (!lines.some((line) => line.message === message)) throw new Error(`not logged yet: ${message}`);
}

/** A client with a queue of what it received. */
function connectTo(url: string, token: string) {
  const socket = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token, protocol: 1 },
  });
  const received: [string, unknown][] = [];
  const all: [string, unknown][] = [];
  let wake = () => {};
  const push = (event: string, message: unknown) => {
    received.push([event, message]);
    all.push([event, message]);
    wake();
  };
  socket.onAny(push);
  socket.on('connect_error', (error) => push('connect_error', (error as { data?: unknown }).data));
  socket.on('disconnect', (reason) => push('disconnect', reason));
  return {
    socket,
    /** Everything it ever received. */
    all,
    async next(): Promise<[string, unknown]> {
      for (;;) {
        const first = received.shift();
        if (first) return first;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
