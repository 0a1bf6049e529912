import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { type RedisServer, startRedis, startSentinel } from '@querycast/test-servers';
import { afterEach, expect, test } from 'vitest';
import { recordObservability } from '../publisher/recorded-observability.js';
import { redisCommands } from '../redis/connect.js';
import { createRecorder, freshRoom } from './conformance/harness.js';
import { becomes, connectBroker, createHistory } from './redis-broker.test.support.js';

const OPERATIONS = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
const PATIENT = { timeout: 20_000 };
const NAME = 'log';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function opening(starting: Promise<RedisServer>): Promise<RedisServer> {
  const server = await starting;
  opened.push(server);
  return server;
}

/** A master and its replica, watched by a Sentinel, all with the same password. */
async function startWatched(password?: string) {
  const auth = password === undefined ? {} : { requirepass: password, masterauth: password };
  const as = password === undefined ? [] : ['-a', password, '--no-auth-warning'];
  const master = await opening(startRedis({ config: auth }));
  const replica = await opening(startRedis({ config: { ...auth, replicaof: `127.0.0.1 ${master.port}` } }));
  const sentinel = await opening(startSentinel({ name: NAME, masterPort: master.port }));
  if (password !== undefined) {
    await sentinel.cli('SENTINEL', 'SET', NAME, 'auth-pass', password);
    await sentinel.cli('ACL', 'SETUSER', 'default', 'resetpass', `>${password}`);
  }
  await expect.poll(() => replica.cli(...as, 'INFO', 'replication'), PATIENT).toContain('master_link_status:up');
  const watched = () => sentinel.cli(...as, 'SENTINEL', 'REPLICAS', NAME);
  await expect.poll(watched, PATIENT).toContain(`127.0.0.1:${replica.port}`);
  const login = password === undefined ? '' : `:${password}@`;
  // The first is not there: the next is asked.
  const sentinels = [`redis://${login}127.0.0.1:1`, `redis://${login}127.0.0.1:${sentinel.port}`] as const;
  return { master, replica, sentinel, target: { sentinels, name: NAME } };
}

/** A Sentinel far away: what it is asked arrives late. Answers the address. */
async function startFar(sentinel: RedisServer, delayMs: number): Promise<string> {
  const sockets = new Set<Socket>();
  const far = createServer((near) => {
    const target = connect(sentinel.port, '127.0.0.1');
    near.on('data', (asked) => setTimeout(() => target.write(asked), delayMs));
    target.pipe(near);
    for (const [socket, other] of [[near, target] as const, [target, near] as const]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: async () => {
      far.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  const address = far.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  return `redis://127.0.0.1:${address.port}`;
}

/** Of those tests in which a Sentinel loses the right to enter: without a password anybody may. */
const PASSWORD = 'hunter2';

function asAdmin(server: RedisServer, ...command: readonly string[]): Promise<string> {
  return server.cli('-a', PASSWORD, '--no-auth-warning', ...command);
}

/** Lets a Sentinel reach the servers as a user of its own, so that it alone can be cut off from one of them. */
async function watchAs(user: string, sentinel: RedisServer, servers: readonly RedisServer[]): Promise<void> {
  // Those that do not publish hear nothing of each other.
  const rules = [`>${user}`, '~*', '&*', '+@all', '-publish'];
  for (const server of servers) await asAdmin(server, 'ACL', 'SETUSER', user, 'on', ...rules);
  await asAdmin(sentinel, 'SENTINEL', 'SET', NAME, 'auth-user', user);
  await asAdmin(sentinel, 'SENTINEL', 'SET', NAME, 'auth-pass', user);
  await sentinel.stop();
  await sentinel.start();
  const watched = async () => {
    const told = await Promise.all(['MASTER', 'REPLICAS'].map((each) => asAdmin(sentinel, 'SENTINEL', each, NAME)));
    return told.join().match(/flags\n(.*)/g);
  };
  await expect.poll(watched, PATIENT).toEqual(['flags\nmaster', 'flags\nslave']);
}

/** From now on the server exists for everybody but this user. */
async function cutOff(user: string, server: RedisServer): Promise<void> {
  await asAdmin(server, 'ACL', 'SETUSER', user, 'off');
  await asAdmin(server, 'CLIENT', 'KILL', 'USER', user);
}

test('a failover: the broker follows, subscriptions stand, and no position looks current', async () => {
  const { master, target } = await startWatched();
  const connected = connectBroker(target);
  opened.push(connected);
  const { broker } = connected;
  const first = await becomes(broker, true);
  const room = freshRoom();
  const recorder = createRecorder();
  await broker.subscribe(room, recorder.deliver);
  const history = createHistory();
  await history.append(broker, 30);

  const lost = becomes(broker, false);
  await master.kill();
  await lost;
  const second = await becomes(broker, true);
  expect(second).not.toBe(first);
  expect(await history.expectNothingMissing(broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  await history.append(broker, 60);
  await history.expectNothingMissing(broker);
  await broker.append({ room, keys: [['a']] });
  await recorder.heard(1);
}, 60_000);

test('no client stays away after a failover, however it met with what the Sentinels told', async () => {
  const { master, replica, sentinel } = await startWatched();
  // At any moment some of them wait for its answer.
  const target = { sentinels: [await startFar(sentinel, 200)], name: NAME };
  const clients = Array.from({ length: 40 }, () => redisCommands(target));
  opened.push({ close: async () => clients.forEach((client) => void client.disconnect()) });
  const reached = async () => {
    const servers = await Promise.all(clients.map((client) => client.info('server').catch(String)));
    return new Set(servers.map((server) => /tcp_port:(\d+)/.exec(server)?.[1]));
  };
  await expect.poll(reached, PATIENT).toEqual(new Set([String(master.port)]));
  await master.kill();
  await expect.poll(reached, PATIENT).toEqual(new Set([String(replica.port)]));
}, 60_000);

test('a master that hangs is replaced, and nobody goes back to it when it wakes up', async () => {
  const { master, target } = await startWatched();
  const connected = connectBroker(target);
  opened.push(connected);
  const { broker } = connected;
  const first = await becomes(broker, true);
  const history = createHistory();
  await history.append(broker, 30);
  const lost = becomes(broker, false);
  master.pause();
  await lost;
  const second = await becomes(broker, true);
  expect(second).not.toBe(first);
  master.resume();
  expect(await history.expectNothingMissing(broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  await expect.poll(() => master.cli('INFO', 'replication'), PATIENT).toContain('role:slave');
  await history.append(broker, 30);
  await history.expectNothingMissing(broker);
  expect(await becomes(broker, true)).toBe(second);
}, 60_000);

test('user and password of the addresses count for Sentinels and servers, and are never logged', async () => {
  const { target } = await startWatched(PASSWORD);
  const { logger, metrics, lines } = recordObservability();
  const connected = connectBroker(target, { logger, metrics });
  opened.push(connected);
  await becomes(connected.broker, true);
  await connected.broker.append({ room: freshRoom(), keys: [['a']] });
  expect(JSON.stringify(lines)).not.toContain(PASSWORD);
});

test('Sentinels that were restarted replace a master cut off from them alone: neither log nor cache stay with it', async () => {
  const { master, replica, sentinel, target } = await startWatched(PASSWORD);
  const connected = connectBroker(target);
  const cache = redisCommands(target);
  opened.push(connected, { close: async () => cache.disconnect() });
  const { broker } = connected;
  const first = await becomes(broker, true);
  const history = createHistory();
  await history.append(broker, 30);
  // Restarts it: whoever listened to it listens to nothing now.
  await watchAs('watch', sentinel, [master, replica]);
  expect(await becomes(broker, true)).toBe(first);
  // All that we ask from here on is what the document lets us ask.
  const [, rules = ''] = /A user of Sentinels needs\s+`([^`]+)`/.exec(OPERATIONS) ?? [];
  await asAdmin(sentinel, 'ACL', 'SETUSER', 'default', '-@all', ...rules.split(' '));

  const lost = becomes(broker, false);
  await cutOff('watch', master);
  await lost;
  expect(await becomes(broker, true)).not.toBe(first);
  expect(await asAdmin(master, 'INFO', 'replication')).toContain('role:master');
  expect(await history.expectNothingMissing(broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  await expect.poll(() => cache.info('server').catch(String), PATIENT).toContain(`tcp_port:${replica.port}`);
}, 60_000);

test('a Sentinel cut off together with the old master leads nobody back to it', async () => {
  const { master, replica, sentinel: stale, target } = await startWatched(PASSWORD);
  await watchAs('stale', stale, [master, replica]);
  const sentinel = await opening(startSentinel({ name: NAME, masterPort: master.port }));
  await sentinel.cli('ACL', 'SETUSER', 'default', 'resetpass', `>${PASSWORD}`);
  await watchAs('watch', sentinel, [master, replica]);
  const sentinels = [...target.sentinels, target.sentinels[1].replace(String(stale.port), String(sentinel.port))];
  const connected = connectBroker({ ...target, sentinels });
  opened.push(connected);
  const { broker } = connected;
  const first = await becomes(broker, true);
  const history = createHistory();
  await history.append(broker, 30);

  await cutOff('stale', replica);
  await cutOff('watch', master);
  // It may be back with the old one for a moment, which the first Sentinel to be asked still names.
  await expect.poll(() => becomes(broker, true), PATIENT).not.toBe(first);
  const second = await becomes(broker, true);
  for (const server of [stale, master]) expect(await asAdmin(server, 'INFO')).not.toContain('role:slave');
  expect(await asAdmin(stale, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)).toContain(`${master.port}`);
  expect(await history.expectNothingMissing(broker)).toEqual({ recovered: 0, epoch: 60, floor: 0 });
  // Every new connection asks the same Sentinels again.
  const lostAgain = becomes(broker, false);
  await asAdmin(replica, 'CLIENT', 'KILL', 'TYPE', 'normal');
  await lostAgain;
  expect(await becomes(broker, true)).toBe(second);
}, 60_000);
