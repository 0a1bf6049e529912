import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Cores, onCore } from './cores.js';

const ENTRY = fileURLToPath(new URL('platform-main.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 5_000;

/** Signs the tokens that the benchmark makes for everybody. */
export const AUTH_SECRET = 'auth-secret-of-the-platform-benchmark-0123456789';

/** The platform on the core reserved for it, with everything on that it has in production. */
export interface PlatformProcess {
  readonly url: string;
  /** Ends it. Idempotent. */
  close(): Promise<void>;
}

/** Where the platform's data is. */
export interface PlatformPlace {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly cacheUrl: string;
}

/** Starts it; what it logs goes to `say`, a line each. Rejects when it ends before it serves. */
export async function startPlatformProcess(
  { databaseUrl, redisUrl, cacheUrl }: PlatformPlace,
  cores: Cores | undefined,
  say: (line: string) => void,
): Promise<PlatformProcess> {
  const node = [process.execPath, '--conditions=querycast-source', '--import', TSX, ENTRY] as const;
  const [command, ...args] = cores ? onCore(cores.platform, node) : node;
  const child = spawn(command, args, {
    // These and no others: what a developer's own environment says must not change what is measured.
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'production',
      PORT: '0',
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      CACHE_REDIS_URL: cacheUrl,
      AUTH_SECRET,
      PUBLISH_TOKEN: 'publish-token-of-the-platform-benchmark',
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let closing: Promise<void> | undefined;
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (isNews(line) && !closing) say(`platform: ${line}`);
    });
  }
  const url = await urlOf(child);
  return {
    url,
    close() {
      closing ??= end(child);
      return closing;
    },
  };
}

async function urlOf(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the platform ended with code ${code} before it served: see above`);
  });
  const told = once(child, 'message', { signal: AbortSignal.timeout(READY_WITHIN_MS) });
  const [message]: unknown[] = await Promise.race([told, ended]);
  ended.catch(() => {
    // Later it ends because it was told to.
  });
  if (typeof message === 'object' && message !== null && 'url' in message) return String(message.url);
  throw new Error('the platform told something else than its URL');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

/** Warnings and errors, whose level is 40 or more, and whatever is no line of the log. */
function isNews(line: string): boolean {
  const level = /^\{"level":(\d+)/.exec(line)?.[1];
  return level === undefined || Number(level) >= 40;
}
