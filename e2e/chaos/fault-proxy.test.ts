import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.js';

/** Answers what it hears. */
let echo: Server;
let wire: FaultProxy;
/** What the other side was told, and how many it knows to have left. */
let told: { text: string; left: number };
const clients: Socket[] = [];

beforeEach(async () => {
  const here = { text: '', left: 0 };
  told = here;
  echo = createServer((socket) => {
    // A broken wire is what this is about.
    socket.on('error', () => {});
    socket.on('close', () => {
      here.left += 1;
    });
    socket.on('data', (chunk) => {
      here.text += chunk;
      socket.write(chunk);
    });
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  wire = await startFaultProxy(`http://127.0.0.1:${portOf(echo)}`);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await wire.close();
  echo.close();
  await once(echo, 'close');
});

test('a silence loses what is said in it, and breaks whoever spoke when it is over', async () => {
  const [speaking, idle] = [await greeted(wire.port), await greeted(wire.port)];
  wire.silence();
  speaking.write('gone');
  const newcomer = open(wire.port);
  newcomer.write('gone too');
  await greeted(portOf(echo));

  const broken = [speaking, newcomer].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  wire.mend();
  await Promise.all(broken);
  expect(await ask(idle, 'still here')).toBe('still here');
  expect(told.text).not.toContain('gone');
});

test('a connection that is forgotten loses all that is said on it, and nobody is told; new ones come through', async () => {
  const forgotten = await greeted(wire.port);
  let isBroken = false;
  forgotten.once('close', () => {
    isBroken = true;
  });
  wire.forget();
  forgotten.write('gone');
  expect(await ask(await greeted(wire.port), 'anybody there?')).toBe('anybody there?');
  expect(told.text).not.toContain('gone');
  expect(isBroken).toBe(false);
});

test('who hangs up during a silence is missed only afterwards', async () => {
  const leaving = await greeted(wire.port);
  wire.silence();
  leaving.destroy();
  await greeted(portOf(echo));
  expect(told.left).toBe(0);
  wire.mend();
  await vi.waitFor(() => expect(told.left).toBe(1));
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  clients.push(socket);
  return socket;
}

/** Has gone there and back. */
async function greeted(port: number): Promise<Socket> {
  const socket = open(port);
  expect(await ask(socket, 'hello')).toBe('hello');
  return socket;
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [chunk] = await once(socket, 'data');
  return String(chunk);
}
