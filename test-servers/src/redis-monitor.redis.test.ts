import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type MonitoredCommand, monitorRedis } from './redis-monitor.js';
import { type RedisServer, startRedis } from './redis-server.js';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('every command is heard in the order of the server, with the very words of whoever sent it', async () => {
  const heard: MonitoredCommand[] = [];
  const monitor = await monitorRedis(redis, (command) => heard.push(command));
  const text = 'a "quoted" \\ word\r\n\tand \x07\b\x01 \u00fcber \u4e2d';
  await redis.cli('SET', 'key', text);
  await redis.cli('EVAL', `return redis.call('GET', KEYS[1])`, '1', 'key');
  await monitor.heard();
  monitor.close();
  const told = heard.filter(({ words: [name = ''] }) => /^(set|get|eval)$/i.test(name));
  expect(told.map(({ words }) => words)).toEqual([
    ['SET', 'key', text],
    ['EVAL', `return redis.call('GET', KEYS[1])`, '1', 'key'],
    ['GET', 'key'],
  ]);
  expect(told.map(({ source }) => source === 'lua')).toEqual([false, false, true]);
});

test('it begins amid the commands of others, whichever piece they arrive in', async () => {
  const busy = connect({ host: '127.0.0.1', port: redis.port });
  busy.resume();
  const talk = setInterval(() => busy.write('PING x\r\n'.repeat(50)), 0);
  try {
    for (let round = 0; round < 50; round += 1) {
      const heard: string[] = [];
      const monitor = await monitorRedis(redis, ({ words }) => heard.push(words.join(' ')));
      await vi.waitFor(() => expect(heard).not.toEqual([]), { interval: 1 });
      await monitor.heard();
      monitor.close();
      expect(new Set(heard)).toEqual(new Set(['PING x']));
    }
  } finally {
    clearInterval(talk);
    busy.destroy();
  }
});

test('what was heard is not called everything when the connection has ended in between', async () => {
  const monitor = await monitorRedis(redis, () => {});
  await redis.cli('CLIENT', 'KILL', 'TYPE', 'normal');
  await expect(monitor.heard()).rejects.toThrow(/closed/);
});

test('a server that refuses is told in its own words', async () => {
  const guarded = await startRedis({ config: { requirepass: 'hidden' } });
  await expect(monitorRedis(guarded, () => {})).rejects.toThrow(/NOAUTH/);
  await guarded.close();
});
