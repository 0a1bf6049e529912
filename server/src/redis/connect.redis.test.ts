import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordObservability } from '../publisher/recorded-observability.js';
import { redisCommands, redisSubscriber } from './connect.js';

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(() => server?.close());

test('a subscriber cut off again and again just when it subscribes anew ends no process, and hears in the end', async () => {
  const subscriber = redisSubscriber({ url: server.url });
  await subscriber.subscribe('news');
  let cuts = 0;
  const settled = new Promise<void>((resolve) => {
    subscriber.on('ready', () => {
      cuts += 1;
      if (cuts > 5) resolve();
      // Its own subscription is under way at this moment.
      else subscriber.disconnect(true);
    });
  });
  subscriber.disconnect(true);
  await settled;
  const heard = new Promise((resolve) => subscriber.on('message', (_, message) => resolve(message)));
  await expect.poll(() => server.cli('PUBLISH', 'news', 'hello'), { timeout: 10_000 }).toBe('1');
  expect(await heard).toBe('hello');
  subscriber.disconnect(true);
  subscriber.once('ready', () => {
    // Ended for good with the answer still to come.
    subscriber.disconnect();
    if ('stream' in subscriber) subscriber.stream.destroy();
  });
  await new Promise((resolve) => subscriber.once('end', resolve));
});

test('what is subscribed before the server is there is heard once it is', async () => {
  await server.stop();
  const subscriber = redisSubscriber({ url: server.url });
  const subscribed = subscriber.subscribe('news');
  await server.start();
  await subscribed;
  expect(await server.cli('PUBLISH', 'news', 'hello')).toBe('1');
  subscriber.disconnect();
});

test('a command under way when the connection is lost fails at once and is not sent again', async () => {
  const commands = redisCommands({ url: server.url });
  await new Promise((resolve) => commands.once('ready', resolve));
  const blocked = commands.blpop('queue', 0);
  const again = new Promise((resolve) => commands.once('ready', resolve));
  // Not for its timeout, nor because another connection has not got through to its answer either.
  const failed = expect(blocked).rejects.toThrow('Reached the max retries per request limit (which is 0)');
  await server.cli('CLIENT', 'KILL', 'TYPE', 'normal');
  await failed;
  await again;
  await commands.rpush('queue', 'kept');
  expect(await commands.llen('queue')).toBe(1);
  commands.disconnect();
});

test('a connection lost, and found again, is one line and one count each, however often it was tried', async () => {
  const { logger, metrics, lines, counts } = recordObservability();
  const commands = redisCommands({ url: server.url }, { name: 'log', logger, metrics });
  await new Promise((resolve) => commands.once('ready', resolve));
  const tried = new Promise<void>((resolve) => {
    let attempts = 0;
    commands.on('close', () => {
      attempts += 1;
      if (attempts === 4) resolve();
    });
  });
  await server.kill();
  await tried;
  // It may be there before whoever started the server knows that it is.
  const again = new Promise((resolve) => commands.once('ready', resolve));
  await server.start();
  await again;
  expect(lines.map(({ message }) => message)).toEqual(['redis connected', 'redis connection lost', 'redis connected']);
  const labels = { name: 'log', role: 'commands' };
  for (const { fields } of lines) expect(fields).toMatchObject(labels);
  expect(counts).toEqual([{ name: 'redis_connections_lost_total', labels }]);
  commands.disconnect();
});
