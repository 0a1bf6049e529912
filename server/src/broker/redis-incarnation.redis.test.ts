import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type RedisServer, type RedisServerOptions, startRedis } from '@querycast/test-servers';
import { afterEach, describe, expect, test } from 'vitest';
import type { Broker } from './broker.js';
import {
  becomes,
  type ConnectedBroker,
  connectBroker,
  createHistory,
  type History,
} from './redis-broker.test.support.js';

/** More appends than there were before: the new sequence passes every offset of the old one. */
const PASSES_THE_OLD = 40;

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(config: RedisServerOptions['config'] = {}): Promise<RedisServer> {
  const server = await startRedis({ config });
  opened.push(server);
  return server;
}

async function connect({ url }: RedisServer, prefix?: string): Promise<ConnectedBroker> {
  const connected = connectBroker({ url }, prefix === undefined ? {} : { prefix });
  opened.push(connected);
  await becomes(connected.broker, true);
  return connected;
}

/** No position ever acknowledged misses a key: now, and while the sequence grows past all of them. */
async function expectSafe(history: History, broker: Broker) {
  const first = await history.expectNothingMissing(broker);
  for (let step = 0; step < PASSES_THE_OLD; step += 10) {
    await history.append(broker, 10);
    await history.expectNothingMissing(broker);
  }
  return first;
}

/** Waits until the broker noticed that its server is another one. */
async function afterLoss(broker: Broker, fault: () => Promise<void>): Promise<string | undefined> {
  const lost = becomes(broker, false);
  await fault();
  await lost;
  return await becomes(broker, true);
}

describe('a restart', () => {
  test.each([
    ['with everything saved', { save: '"3600 1"' }],
    ['with an append-only file', { appendonly: 'yes' }],
    ['without persistence', {}],
  ])('%s: no position from before looks current', async (_, config) => {
    const server = await start(config);
    const { broker } = await connect(server);
    const history = createHistory();
    await history.append(broker, 30);
    const before = await becomes(broker, true);
    const after = await afterLoss(broker, async () => {
      await server.stop();
      await server.start();
    });
    expect(after).not.toBe(before);
    expect(await expectSafe(history, broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  });

  test('from a snapshot that lacks the newest writes: no position looks current', async () => {
    const server = await start({ save: '"3600 1"' });
    const { broker } = await connect(server);
    const history = createHistory();
    await history.append(broker, 15);
    await server.cli('SAVE');
    await history.append(broker, 15);
    await afterLoss(broker, async () => {
      await server.kill();
      await server.start();
    });
    expect(await expectSafe(history, broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  });

  test('from an append-only file that lost its end: no position looks current', async () => {
    const server = await start({ appendonly: 'yes', 'auto-aof-rewrite-percentage': '0' });
    const { broker } = await connect(server);
    const history = createHistory();
    await history.append(broker, 30);
    const folder = (await server.cli('CONFIG', 'GET', 'dir')).split('\n')[1] ?? '';
    const bytes = Number(/aof_current_size:(\d+)/.exec(await server.cli('INFO', 'persistence'))?.[1]);
    await afterLoss(broker, async () => {
      await server.kill();
      await truncate(join(folder, 'appendonlydir', 'appendonly.aof.1.incr.aof'), Math.floor(bytes / 2));
      await server.start();
    });
    expect(await expectSafe(history, broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  });
});

describe('data lost while the server runs', () => {
  test('FLUSHALL: no position from before looks current', async () => {
    const server = await start();
    const { broker } = await connect(server);
    const history = createHistory();
    await history.append(broker, 30);
    await server.cli('FLUSHALL');
    expect(await expectSafe(history, broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  });

  test('the log of a room deleted: only its head recovers', async () => {
    const server = await start();
    const { broker, commands, prefix } = await connect(server);
    const history = createHistory();
    await history.append(broker, 30);
    for (const key of await commands.keys(`${prefix}*:log`)) await commands.del(key);
    // Of each room the head itself, which lacks nothing.
    expect(await expectSafe(history, broker)).toEqual({ recovered: 3, epoch: 0, floor: 57 });
  });

  test('the log of a room deleted and appended to before anybody reads: what it lacked stays unknown', async () => {
    const server = await start();
    const { broker, commands, prefix } = await connect(server);
    const history = createHistory();
    await history.append(broker, 30);
    for (const key of await commands.keys(`${prefix}*:log`)) await commands.del(key);
    await history.append(broker, 3);
    const { recovered, floor } = await history.expectNothingMissing(broker);
    // The old head, read once more before its append, and the new one, of each room.
    expect({ recovered, floor }).toEqual({ recovered: 9, floor: 57 });
    await expectSafe(history, broker);
  });

  test('the head of a room deleted: no position from before looks current, and the log starts empty', async () => {
    const server = await start();
    const { broker, commands, prefix } = await connect(server);
    const history = createHistory();
    await history.append(broker, 30);
    const room = 'room:with-a-log';
    await broker.append({ room, keys: [['before']] });
    for (const key of await commands.keys(`${prefix}*:head`)) await commands.del(key);
    expect(await expectSafe(history, broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
    const { position } = await broker.read(room);
    await broker.append({ room, keys: [['after']] });
    expect((await broker.read(room, position)).keys).toEqual([['after']]);
  });

  test('fields of the head deleted: no position from before looks current', async () => {
    const server = await start();
    const { broker, commands, prefix } = await connect(server);
    const history = createHistory();
    await history.append(broker, 30);
    const fields = ['offset', 'floor', 'incarnation'];
    const heads = await commands.keys(`${prefix}*:head`);
    await Promise.all(heads.map((head, n) => commands.hdel(head, fields[n] ?? 'epoch')));
    expect(await expectSafe(history, broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  });

  test('scripts forgotten: everything goes on, and every position recovers', async () => {
    const server = await start();
    const { broker } = await connect(server);
    const history = createHistory();
    await history.append(broker, 30);
    await server.cli('SCRIPT', 'FLUSH');
    expect(await expectSafe(history, broker)).toEqual({ recovered: 60, epoch: 0, floor: 0 });
  });

  test.each(['allkeys-lru', 'allkeys-random'])(
    'eviction under maxmemory by %s: no room recovers with keys missing, whatever of it was evicted',
    async (policy) => {
      const server = await start({ maxmemory: '4mb', 'maxmemory-policy': policy });
      const { broker } = await connect(server);
      const history = createHistory(200, 900);
      for (let round = 0; round < 3; round += 1) {
        await history.append(broker, 500);
        await history.expectNothingMissing(broker);
      }
      const verdict = await history.expectNothingMissing(broker);
      // Heads were evicted, logs were evicted, and some rooms kept both: else this shows nothing.
      for (const count of Object.values(verdict)) expect(count).toBeGreaterThan(0);
    },
  );
});

describe('replication', () => {
  const incarnationOf = async (server: RedisServer) =>
    /master_replid:(\w+)/.exec(await server.cli('INFO', 'replication'))?.[1];

  test('the first replica a master ever has, and the last one gone for longer than repl-backlog-ttl, cost a resync', async () => {
    const [master, replica] = [await start({ 'repl-backlog-ttl': '1' }), await start()];
    const { broker } = await connect(master);
    const alone = await becomes(broker, true);
    const withReplica = await afterLoss(broker, () => follow(replica, master));
    expect(withReplica).not.toBe(alone);
    const history = createHistory();
    await history.append(broker, 30);
    const without = await afterLoss(broker, () => leave(replica, master));
    expect(without).not.toBe(withReplica);
    expect(await expectSafe(history, broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  });

  test('with repl-backlog-ttl 0 replicas come and go, and every position recovers', async () => {
    const [master, replica] = [await start({ 'repl-backlog-ttl': '0' }), await start()];
    await follow(replica, master);
    const { broker } = await connect(master);
    const history = createHistory();
    await history.append(broker, 30);
    const before = await incarnationOf(master);
    await leave(replica, master);
    await follow(replica, master);
    expect(await incarnationOf(master)).toBe(before);
    expect(await expectSafe(history, broker)).toEqual({ recovered: 60, epoch: 0, floor: 0 });
  });

  test('promotion of a replica that lacks the newest writes: no position looks current', async () => {
    const [master, replica] = [await start(), await start()];
    const { broker, prefix } = await connect(master);
    const history = createHistory();
    await history.append(broker, 15);
    await follow(replica, master);
    // Cut off, but a replica still.
    await replica.cli('REPLICAOF', '127.0.0.1', '1');
    await history.append(broker, 15);
    await master.kill();
    await replica.cli('REPLICAOF', 'NO', 'ONE');
    const { broker: promoted } = await connect(replica, prefix);
    expect(await expectSafe(history, promoted)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  });

  test('failover, writes on both sides of the split, and failback: no position of either side looks current', async () => {
    const [one, two] = [await start(), await start()];
    const { broker: first, prefix } = await connect(one);
    const history = createHistory();
    await history.append(first, 10);
    await follow(two, one);
    await two.cli('REPLICAOF', 'NO', 'ONE');
    const { broker: second } = await connect(two, prefix);
    // The old master does not know yet, and acknowledges what will be lost.
    for (let n = 0; n < 10; n += 1) {
      await history.appendInVain(first, 3);
      await history.append(second, 3);
    }
    await history.expectNothingMissing(second);
    await follow(one, two);
    await history.append(second, 10);
    await follow(one, two);
    await two.kill();
    await one.cli('REPLICAOF', 'NO', 'ONE');
    const { broker: back } = await connect(one, prefix);
    expect(await expectSafe(history, back)).toMatchObject({ recovered: 0, floor: 0 });
  });

  test('failover and failback of rooms nobody touched in between: what the old master issued is not issued twice', async () => {
    const [one, two] = [await start(), await start()];
    const { broker, prefix } = await connect(one);
    const history = createHistory();
    await history.append(broker, 10);
    await follow(two, one);
    await two.cli('REPLICAOF', 'NO', 'ONE');
    await history.appendInVain(broker, 10);
    await follow(one, two);
    await one.cli('REPLICAOF', 'NO', 'ONE');
    const { broker: back } = await connect(one, prefix);
    expect(await expectSafe(history, back)).toEqual({ recovered: 0, epoch: 20, floor: 0 });
  });

  test('a master turned into a replica and back, by hand: the broker notices, and no position looks current', async () => {
    const [one, two] = [await start(), await start()];
    const { broker } = await connect(one);
    const history = createHistory();
    await history.append(broker, 30);
    const before = await becomes(broker, true);
    const after = await afterLoss(broker, async () => {
      await one.cli('REPLICAOF', '127.0.0.1', String(two.port));
      await expect(broker.append({ room: 'room:1', keys: [['a']] })).rejects.toMatchObject({
        code: 'broker_unavailable',
      });
      await one.cli('REPLICAOF', 'NO', 'ONE');
    });
    expect(after).not.toBe(before);
    expect(await expectSafe(history, broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  });
});

/** Makes a server no replica any more of a master, which notices. */
async function leave(replica: RedisServer, master: RedisServer): Promise<void> {
  await replica.cli('REPLICAOF', 'NO', 'ONE');
  await expect.poll(() => master.cli('INFO', 'replication'), { timeout: 20_000 }).toContain('connected_slaves:0');
}

/** Makes a server a replica; resolves once it holds what the master holds. */
async function follow(replica: RedisServer, master: RedisServer): Promise<void> {
  await replica.cli('REPLICAOF', '127.0.0.1', String(master.port));
  const replication = () => replica.cli('INFO', 'replication');
  await expect.poll(replication, { timeout: 20_000 }).toContain('master_link_status:up');
  expect(await master.cli('SET', 'marker', 'x')).toBe('OK');
  expect(await master.cli('WAIT', '1', '10000')).toBe('1');
}
