import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';

/**
 * What most teams write: a room per person, a Redis channel that says whose data changed, and an event without payload.
 * No log, no position, no catching up. It is here to be compared with, so it stays as it is written everywhere, and checks
 * no token.
 *
 * `PORT` to listen on, `REDIS_SENTINEL_URL` and `REDIS_SENTINEL_NAME` of the Redis; says its URL when it serves.
 */
const { PORT = '0', REDIS_SENTINEL_URL = '', REDIS_SENTINEL_NAME = '' } = process.env;
const sentinel = new URL(REDIS_SENTINEL_URL);

/** With everything that the client does by default: it reconnects, and subscribes again. */
function connect(): Redis {
  const redis = new Redis({
    sentinels: [{ host: sentinel.hostname, port: Number(sentinel.port) }],
    name: REDIS_SENTINEL_NAME,
  });
  // It reconnects by itself.
  redis.on('error', () => {});
  return redis;
}

const http = createServer((_request, response) => response.writeHead(204).end());
const io = new Server(http, { transports: ['websocket'], adapter: createAdapter(connect(), connect()) });
io.on('connection', (socket) => {
  void socket.join(String(socket.handshake.auth['room']));
});

const changes = connect();
void changes.subscribe('changes');
changes.on('message', (_channel, room) => io.local.to(room).emit('changed'));

http.listen(Number(PORT), '127.0.0.1', () => {
  const address = http.address();
  if (typeof address === 'object' && address) process.send?.({ port: address.port });
});
