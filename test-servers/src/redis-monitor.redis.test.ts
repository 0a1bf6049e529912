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
  const close = await monitorRedis(redis, (command) => heard.push(command));
  const text = 'a "quoted" \\ word\r\n\tand \x07\b\x01 \u00fcber \u4e2d';
  await redis.cli('SET', 'key', text);
  await redis.cli('EVAL', `return redis.call('GET', KEYS[1])`, '1', 'key');
  await redis.cli('ECHO', 'last');
  await vi.waitFor(() => expect(heard.at(-1)?.words).toEqual(['ECHO', 'last']));
  close();
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
      let heard = 0;
      const close = await monitorRedis(redis, ({ words }) => {
        expect(words).toEqual(['PING', 'x']);
        heard += 1;
      });
      await vi.waitFor(() => expect(heard).toBeGreaterThan(0), { interval: 1 });
      close();
    }
  } finally {
    clearInterval(talk);
    busy.destroy();
  }
});

test('a server that refuses is told in its own words', async () => {
  const guarded = await startRedis({ config: { requirepass: 'hidden' } });
  await expect(monitorRedis(guarded, () => {})).rejects.toThrow(/NOAUTH/);
  await guarded.close();
});
