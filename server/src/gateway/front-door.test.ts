import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Connection, createFrontDoor } from './front-door.js';
import { limitsOf } from './limits.js';
import { closeStrangers, openStranger } from './stranger.test.support.js';

let http: ReturnType<typeof createServer>;
let io: Server;
let url: string;
let strangers: ReturnType<typeof openStranger>[];

/** The front door alone, behind which nobody looks at the query of a request. */
beforeEach(async () => {
  strangers = [];
  http = createServer();
  const door = createFrontDoor({ limits: limitsOf() });
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
