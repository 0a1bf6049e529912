import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, type RedisServer, startRedis } from '@querycast/test-servers';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ROOT } from '../setup/root.mjs';
import { fencedBlock } from './fenced-block.js';
import { signToken } from './sign-token.js';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
// Inside the repository, where the imports of the example resolve as they do in an application.
const FOLDER = join(ROOT, '.cache', `readme-redis-${process.pid}`);
const AUTH_SECRET = 'a-secret-of-at-least-thirty-two-characters';

let redis: RedisServer;
const backends: ChildProcess[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  redis = await startRedis();
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(FOLDER, 'redis.ts'), fencedBlock(README, 'ts', 'redis'));
});

afterAll(async () => {
  for (const socket of sockets) socket.close();
  for (const backend of backends) backend.kill('SIGKILL');
  await redis?.close();
  rmSync(FOLDER, { recursive: true, force: true });
});

test('two processes of the README example serve one audience, which redis-cli reaches', async () => {
  const heard: unknown[][] = [[], []];
  const ports = await Promise.all(heard.map(startBackend));
  await Promise.all(
    ports.map(async (port, index) => {
      const socket = await connect(port);
      socket.on('invalidate', ({ keys }) => heard[index]?.push(keys));
    }),
  );

  // The door opens a moment after the port.
  await vi.waitFor(async () => expect(await redis.cli('PUBSUB', 'NUMSUB', 'qc:publish')).toMatch(/\n2$/), 5_000);
  await redis.cli('PUBLISH', 'qc:publish', '{"id":"change-1","rooms":["user:olga"],"keys":[["orders"]]}');
  await vi.waitFor(() => expect(heard).toEqual([[[['orders']]], [[['orders']]]]), 5_000);
});

/** Answers the port once it can be connected to. */
async function startBackend(): Promise<number> {
  const port = await freePort();
  const backend = spawn(process.execPath, ['--conditions=querycast-source', '--import', 'tsx', 'redis.ts'], {
    cwd: FOLDER,
    env: { ...process.env, AUTH_SECRET, REDIS_URL: redis.url, PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  backends.push(backend);
  return port;
}

async function connect(port: number): Promise<Socket> {
  const token = signToken(AUTH_SECRET, { sub: 'olga', sid: 'login-1', exp: Math.floor(Date.now() / 1_000) + 60 });
  // A fault of the network is tried again by itself, so the process may still be starting.
  const socket = io(`http://127.0.0.1:${port}`, {
    auth: { token, protocol: 1 },
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 500,
  });
  sockets.push(socket);
  // Of a process that has not reached Redis yet the rooms come later.
  const rooms = await new Promise<{ room: string }[]>((resolve) => {
    const take = (message: { rooms: { room: string }[] }) => {
      if (message.rooms.length > 0) resolve(message.rooms);
    };
    socket.on('ready', take);
    socket.on('joined', take);
  });
  expect(rooms).toMatchObject([{ room: 'user:olga' }]);
  return socket;
}
