import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { ServerStartError } from './server-process.js';

/**
 * Below what Linux and macOS give to outgoing connections: nobody takes the port of a server that is stopped for a
 * while. The port 10,000 above, where Redis Cluster puts its bus, is below it as well.
 */
const LOWEST = 12_000;
const HIGHEST = 21_999;
const ATTEMPTS = 20;

/**
 * Calls `start` with a port that is free on loopback. Two programs may choose the same one at the same time: the one
 * that comes second gets another.
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt >= ATTEMPTS || !(error instanceof ServerStartError && error.addressInUse)) throw error;
    }
  }
}

/** A port of loopback that nobody has at the moment: for a program that is started with it by somebody else. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
