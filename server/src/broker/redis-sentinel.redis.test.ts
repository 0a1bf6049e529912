import { type RedisServer, startRedis, startSentinel } from '@querycast/test-servers';
import { afterEach, expect, test } from 'vitest';
import { recordObservability } from '../publisher/recorded-observability.js';
import { createRecorder, freshRoom } from './conformance/harness.js';
import { becomes, connectBroker, createHistory } from './redis-broker.test.support.js';

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
  const sentinels = [`redis://${login}127.0.0.1:1`, `redis://${login}127.0.0.1:${sentinel.port}`];
  return { master, target: { sentinels, name: NAME } };
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
  const { target } = await startWatched('hunter2');
  const { logger, metrics, lines } = recordObservability();
  const connected = connectBroker(target, { logger, metrics });
  opened.push(connected);
  await becomes(connected.broker, true);
  await connected.broker.append({ room: freshRoom(), keys: [['a']] });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});
