import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { createPublisher } from '../publisher/publisher.js';
import { recordObservability } from '../publisher/recorded-observability.js';
import { redisDoor } from '../publisher/redis-door.js';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import type { RedisTarget } from '../redis/redis-target.js';
import { startNode, type TestNode } from './two-nodes.test.support.js';

const SLOTS = ['0-5460', '5461-10922', '10923-16383'];
const PREFIX = 'qc:';
const CHANNEL = `${PREFIX}control:{nodes}#/#`;

let servers: RedisServer[] = [];
let target: RedisTarget;
const nodes: TestNode[] = [];
const broker = createMemoryBroker();

beforeAll(async () => {
  const config = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '1000' };
  servers = await Promise.all(SLOTS.map(() => startRedis({ config })));
  for (const [index, slots] of SLOTS.entries()) {
    await servers[index]?.cli('CLUSTER', 'ADDSLOTSRANGE', ...slots.split('-'));
    await servers[index]?.cli('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
  }
  for (const { port } of servers.slice(1)) await servers[0]?.cli('CLUSTER', 'MEET', '127.0.0.1', String(port));
  for (const server of servers) {
    await vi.waitFor(
      async () => expect(await server.cli('CLUSTER', 'INFO')).toMatch(/state:ok[\s\S]*known_nodes:3/),
      20_000,
    );
  }
  target = { cluster: servers.map(({ url }) => url) };
  for (let index = 0; index < 2; index += 1) nodes.push(await startNode({ redis: target, prefix: PREFIX, broker }));
  await untilConnected();
});

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await broker.close();
  await Promise.all(servers.map((server) => server.close()));
});

/** Waits until both gateways are subscribed at the master of their slot. */
async function untilConnected(): Promise<void> {
  await vi.waitFor(
    async () => {
      const counts = await Promise.all(
        servers.map((server) => server.cli('PUBSUB', 'SHARDNUMSUB', CHANNEL).catch(String)),
      );
      expect(counts.map((count) => count.split('\n').at(-1))).toContain('2');
    },
    { timeout: 20_000, interval: 50 },
  );
}

async function expectEvictionAcross(login: string): Promise<void> {
  const [a, b] = nodes;
  if (!a || !b) throw new Error('two nodes were started');
  const client = b.connect(`1/${login}`);
  expect((await client.next())[0]).toBe('ready');
  a.gateway.evict({ session: login }, 'logged_out');
  expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
}

it('on a cluster an eviction reaches the other node and is confirmed', async () => {
  await expectEvictionAcross('x');
  expect(nodes[0]?.counted('evictions_unconfirmed_total')).toBe(0);
});

it('on a cluster the control plane heals by itself when the master of its channels was restarted', async () => {
  const counts = await Promise.all(servers.map((server) => server.cli('PUBSUB', 'SHARDNUMSUB', CHANNEL)));
  const master = servers[counts.findIndex((count) => count.endsWith('2'))];
  await master?.kill();
  await master?.start();
  await untilConnected();
  await expectEvictionAcross('y');
});

it('on a cluster a gateway whose subscriptions its server has forgotten notices, and hears the others again', async () => {
  const node = nodes[1];
  const beats = (wanted: string) => node?.counts.filter(({ labels }) => labels['result'] === wanted).length ?? 0;
  const moved = (wanted: string, from: number) =>
    vi.waitFor(() => expect(beats(wanted)).toBeGreaterThan(from), { timeout: 10_000, interval: 20 });
  await moved('heard', beats('heard'));
  const missed = beats('missed');
  const channels = await Promise.all(servers.map((server) => server.cli('PUBSUB', 'SHARDCHANNELS')));
  // Behind the back of the gateway; those of the other one mean nothing to this client.
  for (const channel of channels.join('\n').split('\n').filter(Boolean)) await node?.subscriber.sunsubscribe(channel);
  await moved('missed', missed);
  await moved('heard', beats('heard'));
  await expectEvictionAcross('z');
});

it('on a cluster a message to any of its servers comes in through the Redis door, also after it was forgotten', async () => {
  const [commands, subscriber] = [redisCommands(target), redisSubscriber(target)];
  const { logger, metrics, lines } = recordObservability();
  const publisher = createPublisher({ broker });
  const door = redisDoor({ commands, subscriber, publisher, prefix: PREFIX, logger, metrics });
  const { position } = await broker.read('parent:7');
  const expectHeard = (id: string) =>
    vi.waitFor(async () => {
      const message = JSON.stringify({ id, rooms: ['parent:7'], keys: [[id]] });
      await servers[1]?.cli('PUBLISH', `${PREFIX}publish`, message);
      expect((await broker.read('parent:7', position)).keys).toContainEqual([id]);
    }, 10_000);
  await expectHeard('one');
  await subscriber.unsubscribe();
  await vi.waitFor(() => expect(lines.map(({ message }) => message)).toContain('heartbeat heard again'), 10_000);
  await expectHeard('two');
  await door.close();
  for (const client of [commands, subscriber]) client.disconnect();
});
