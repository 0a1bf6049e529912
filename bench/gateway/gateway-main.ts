/** A gateway in a process of its own, on Redis. It talks over the channel it was started with, and ends with that channel. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createGateway } from '@querycast/server';
import { createRedisBroker, redisAdapter, redisCommands, redisSubscriber } from '@querycast/server/redis';
import { roomOfToken } from './rooms.js';

const [, , redisUrl = '', prefix = ''] = process.argv;
const target = { url: redisUrl };
const commands = redisCommands(target);
const broker = createRedisBroker({ commands, subscriber: redisSubscriber(target), prefix });
const http = createServer();
const MANY = 1_000_000;
createGateway({
  broker,
  // Everybody comes from one address, and as many as the options say.
  limits: { handshakesPerAddress: MANY, pendingPerAddress: MANY, connectionsPerAddress: MANY },
  authenticate: async (token) => ({ id: token, claims: {} }),
  roomsOf: ({ id }) => [roomOfToken(id)],
  adapter: redisAdapter({ commands, subscriber: redisSubscriber(target), prefix }),
}).attach(http);
await new Promise<void>((resolve) => broker.onLive((live) => live && resolve()));
http.listen(0, '127.0.0.1');
await once(http, 'listening');
const address = http.address();
process.on('message', () => {
  // Twice: what the first run finalises, the second one frees.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heapUsed, rss });
});
process.once('disconnect', () => process.exit());
process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
