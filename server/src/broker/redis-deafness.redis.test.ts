import { type DeafProxy, type RedisServer, startDeafProxy } from '@querycast/test-servers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordObservability } from '../publisher/recorded-observability.js';
import { createRecorder, freshRoom } from './conformance/harness.js';
import { becomes, type ConnectedBroker, connectBroker } from './redis-broker.test.support.js';
import { survives, useRedis } from './redis-fixture.test.support.js';

const { start, connect } = useRedis();

const CLUSTER = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '1000', 'cluster-announce-ip': '127.0.0.1' };

let server: RedisServer;
let proxy: DeafProxy;
let recorded: ReturnType<typeof recordObservability>;

beforeEach(async () => {
  server = await start();
  proxy = await startDeafProxy(server);
  recorded = recordObservability();
});
afterEach(() => proxy.close());

async function connectThroughProxy(): Promise<ConnectedBroker> {
  const { logger, metrics } = recorded;
  const connected = connect(proxy, { logger, metrics });
  await becomes(connected.broker, true);
  return connected;
}

const beats = (result: string) => recorded.counts.filter(({ labels }) => labels['result'] === result).length;

describe('a subscriber that answers everything and hears nothing', () => {
  test('is noticed, made anew, and hears again what is published', async () => {
    const connected = await connectThroughProxy();
    const [room, recorder] = [freshRoom(), createRecorder()];
    await connected.broker.subscribe(room, recorder.deliver);
    const before = proxy.connections;
    await survives(connected, async () => {
      proxy.deafen();
      await connected.broker.append({ room, keys: [['lost']] });
    });
    expect(proxy.connections).toBe(before + 1);
    expect(beats('missed')).toBe(1);
    await connected.broker.append({ room, keys: [['heard']] });
    expect(await recorder.heard(1)).toMatchObject([{ keys: [['heard']] }]);
  });

  test('because the server has forgotten its subscriptions is made anew as well', async () => {
    const connected = await connectThroughProxy();
    const [room, recorder] = [freshRoom(), createRecorder()];
    await connected.broker.subscribe(room, recorder.deliver);
    // Behind the back of the broker: the connection goes on to answer, and nobody is subscribed to anything.
    await survives(connected, () => connected.subscriber.sunsubscribe());
    await connected.broker.append({ room, keys: [['heard']] });
    expect(await recorder.heard(1)).toMatchObject([{ keys: [['heard']] }]);
  });

  test('is not called live before it hears, however often it is made anew', async () => {
    const connected = await connectThroughProxy();
    const states: boolean[] = [];
    connected.broker.onLive((live) => states.push(live));
    proxy.deafen({ forGood: true });
    await becomes(connected.broker, false);
    const before = proxy.connections;
    await expect.poll(() => proxy.connections, { timeout: 20_000 }).toBeGreaterThan(before + 1);
    expect(states).toEqual([true, false]);
    expect(recorded.lines).toContainEqual({
      level: 'warn',
      message: 'broker not live yet',
      fields: { message: expect.stringContaining('not heard') },
    });
    proxy.mend();
    await becomes(connected.broker, true);
  });
});

describe('on a cluster', () => {
  test('a connection to one of its masters that hears nothing is noticed, and rooms there are heard again', async () => {
    const other = await start(CLUSTER);
    const otherProxy = await startDeafProxy(other);
    const own = await start(CLUSTER);
    const ownProxy = await startDeafProxy(own);
    await formCluster([
      { node: own, port: ownProxy.port, slots: ['0', '8191'] },
      { node: other, port: otherProxy.port, slots: ['8192', '16383'] },
    ]);
    const connected = connectBroker({ cluster: [ownProxy.url] }, recorded);
    await becomes(connected.broker, true);
    const heard = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const [room, recorder] = [freshRoom(), createRecorder()];
        await connected.broker.subscribe(room, recorder.deliver);
        return { room, recorder };
      }),
    );
    await survives(connected, async () => otherProxy.deafen());
    expect(beats('missed')).toBe(1);
    for (const { room, recorder } of heard) {
      await connected.broker.append({ room, keys: [['heard']] });
      await recorder.heard(1);
    }
    await connected.close();
    for (const each of [ownProxy, otherProxy]) await each.close();
  });
});

interface Member {
  readonly node: RedisServer;
  /** Where clients are told to reach it. */
  readonly port: number;
  readonly slots: readonly [from: string, to: string];
}

async function formCluster(members: readonly Member[]): Promise<void> {
  for (const [index, { node, port, slots }] of members.entries()) {
    await node.cli('CONFIG', 'SET', 'cluster-announce-bus-port', String(node.port + 10_000));
    await node.cli('CONFIG', 'SET', 'cluster-announce-port', String(port));
    await node.cli('CLUSTER', 'ADDSLOTSRANGE', ...slots);
    await node.cli('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
  }
  const [first, ...rest] = members;
  for (const { node } of rest) {
    await first?.node.cli('CLUSTER', 'MEET', '127.0.0.1', String(node.port), String(node.port + 10_000));
  }
  for (const { node } of members) {
    const state = () => node.cli('CLUSTER', 'INFO');
    await expect.poll(state, { timeout: 20_000 }).toMatch(new RegExp(`state:ok[\\s\\S]*known_nodes:${members.length}`));
    const slots = () => node.cli('CLUSTER', 'SLOTS');
    for (const { port } of members) await expect.poll(slots, { timeout: 20_000 }).toContain(String(port));
  }
}

test('beats are heard, counted by themselves, and are no messages of rooms', async () => {
  await connectThroughProxy();
  await expect.poll(() => beats('heard'), { timeout: 10_000 }).toBeGreaterThan(2);
  const others = recorded.counts.filter(({ name }) => name.startsWith('broker_'));
  expect(others).toEqual([]);
});
