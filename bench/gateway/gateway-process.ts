import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('gateway-main.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');
const ANSWER_WITHIN_MS = 60_000;

/** What a process holds, in bytes, right after its garbage was collected. */
export interface ProcessMemory {
  readonly heapUsed: number;
  readonly rss: number;
}

/** A gateway in a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  memory(): Promise<ProcessMemory>;
  /** Ends it. Idempotent. */
  close(): Promise<void>;
}

/** Starts one; resolves once its broker is live and it can be connected to. Rejects when it ends before. */
export async function startGatewayProcess(redisUrl: string, prefix: string): Promise<GatewayProcess> {
  const child = fork(ENTRY, [redisUrl, prefix], {
    execArgv: ['--expose-gc', '--conditions=querycast-source', '--import', TSX],
  });
  const port = numberIn(await answerOf(child), 'port');
  return {
    url: `http://127.0.0.1:${port}`,
    async memory() {
      const answer = answerOf(child);
      child.send('memory');
      const message = await answer;
      return { heapUsed: numberIn(message, 'heapUsed'), rss: numberIn(message, 'rss') };
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Its next message. */
async function answerOf(child: ChildProcess): Promise<unknown> {
  const abort = new AbortController();
  const ended = once(child, 'exit', { signal: abort.signal }).then(() => {
    throw new Error('the gateway has ended: see above');
  });
  const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  try {
    const [message]: unknown[] = await Promise.race([once(child, 'message', { signal }), ended]);
    return message;
  } finally {
    ended.catch(() => {
      // Nobody waits for it any more.
    });
    abort.abort();
  }
}

function numberIn(message: unknown, name: string): number {
  const value: unknown = typeof message === 'object' && message !== null ? Reflect.get(message, name) : undefined;
  if (typeof value === 'number') return value;
  throw new Error(`the gateway told something else than its ${name}`);
}
