import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordObservability } from '../publisher/recorded-observability.js';
import { type Connection, createFrontDoor } from './front-door.js';
import { limitsOf } from './limits.js';
import { closeStrangers, openStranger } from './stranger.test.support.js';

let http: ReturnType<typeof createServer>;
let io: Server;
let url: string;
/** The door's ends of all connections. */
let served: Socket[];
let counts: ReturnType<typeof recordObservability>['counts'];
let strangers: ReturnType<typeof openStranger>[];

/** The front door alone, behind which nobody looks at the query of a request. */
beforeEach(async () => {
  strangers = [];
  served = [];
  http = createServer();
  http.on('connection', (socket) => served.push(socket));
  const recorded = recordObservability();
  counts = recorded.counts;
  const door = createFrontDoor({ limits: limitsOf(), ...recorded });
  io = new Server(http, {
    transports: ['websocket'],
    allowRequest: (request, answer) => answer(null, door.knock(request)),
  });
  io.engine.on('connection', (conn: Connection) => door.opened(conn));
  await once(http.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await closeStrangers(strangers);
  await io.close();
});

function open(query?: string) {
  const stranger = openStranger(url, undefined, query);
  strangers.push(stranger);
  return stranger;
}

test.each([
  ['asks whether it may', '2probe'],
  ['does not even ask', '5'],
])('a connection that moves elsewhere and %s is cut: its visit would end with the first half', async (_how, packet) => {
  const own = open();
  const { sid } = JSON.parse((await own.next()).slice(1));
  const second = open(`&sid=${sid}`);
  await once(second.socket, 'open');
  second.send(packet);
  for (const each of [own, second]) expect(await each.closed).toBeGreaterThan(0);
});

test.each(['packet', 'ping', 'pong'])(
  'a connection for which megabytes wait is cut when it sends a %s, whatever they are',
  async (kind) => {
    const hostile = open();
    await hostile.next();
    hostile.socket.pause();
    const [transport] = served;
    const closed = new Promise((resolve) => transport?.once('close', resolve));
    transport?.write(Buffer.alloc(16 * 1024 * 1024));
    if (kind === 'packet') hostile.send('3');
    else hostile.socket[kind === 'ping' ? 'ping' : 'pong']();
    await closed;
    expect(counts).toEqual([{ name: 'limits_reached_total', labels: { limit: 'unread' } }]);
  },
);

test('a connection for which less than that waits goes on', async () => {
  const slow = open();
  await slow.next();
  slow.socket.pause();
  // A text of 65,535 characters in a frame of its own.
  const frame = Buffer.concat([Buffer.from([0x81, 0x7e, 0xff, 0xff]), Buffer.alloc(65_535, 'x')]);
  served[0]?.write(Buffer.concat(Array(100).fill(frame)));
  slow.socket.ping('read');
  slow.send('3');
  slow.socket.resume();
  const [pong] = await once(slow.socket, 'pong');
  expect([String(pong), counts]).toEqual(['read', []]);
});
