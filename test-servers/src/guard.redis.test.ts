import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';

const TSX = import.meta.resolve('tsx');

test.concurrent.each([
  ['ends without closing it', ''],
  ['is killed', 'process.kill(process.pid, "SIGKILL");'],
  ['is killed while the server is paused', 'redis.pause(); process.kill(process.pid, "SIGKILL");'],
])('a server and its folder are gone after the process that started it %s', async (_what, last) => {
  const { folder, port } = await startElsewhere(last);
  await expect.poll(() => existsSync(folder), { timeout: 10_000 }).toBe(false);
  await expect(connected(port)).rejects.toThrow(/ECONNREFUSED/);
});

/** Starts a Redis in another process, which then runs `last`. */
async function startElsewhere(last: string): Promise<{ folder: string; port: number }> {
  const script = `
    import { startRedis } from ${JSON.stringify(new URL('./redis-server.ts', import.meta.url).href)};
    const redis = await startRedis();
    const [, folder] = (await redis.cli('config', 'get', 'dir')).split('\\n');
    process.stdout.write(JSON.stringify({ folder, port: redis.port }) + '\\n', () => { ${last} });`;
  const child = spawn(process.execPath, ['--import', TSX, '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) return JSON.parse(line);
  throw new Error('the other process started no Redis');
}

function connected(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    }).once('error', reject);
  });
}
