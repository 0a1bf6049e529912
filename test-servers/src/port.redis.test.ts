import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort, onFreePort } from './port.js';
import { redisServerPath } from './programs.js';
import { startRedis } from './redis-server.js';
import { startProcess } from './server-process.js';

test('a port that another server took in between is given up for another one', async () => {
  const faster = await startRedis();
  const folder = await mkdtemp(join(tmpdir(), 'querycast-port-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  let attempts = 0;
  const started = await onFreePort((port) => {
    attempts += 1;
    return startProcess({
      command: redisServerPath(),
      args: ['--bind', '127.0.0.1', '--port', String(attempts === 1 ? faster.port : port), '--dir', folder],
      folder,
      logPath: join(folder, 'server.log'),
      isReady: (log) => log.includes('Ready to accept connections'),
    });
  });
  expect(attempts).toBe(2);
  expect(started.running).toBe(true);
  await Promise.all([started.end('SIGTERM'), faster.close()]);
});

test('a server that does not start for another reason is not tried again', async () => {
  let attempts = 0;
  const start = () => {
    attempts += 1;
    return startRedis({ config: { maxmemory: 'plenty' } });
  };
  await expect(onFreePort(start)).rejects.toThrow(/maxmemory/);
  expect(attempts).toBe(1);
});

test('a free port is none that the system gives to an outgoing connection: it is still free a moment later', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  // Those of macOS begin at 49,152, those of Linux at 32,768, the bus of Redis Cluster is 10,000 above.
  for (const port of ports) expect([port >= 12_000, port + 10_000 < 32_768]).toEqual([true, true]);
});
