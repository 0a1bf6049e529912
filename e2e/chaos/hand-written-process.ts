import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../bench/baselines/hand-written.ts', import.meta.url));

/** What most teams write instead, as a process of its own. */
export interface HandWrittenProcess {
  /** `http://127.0.0.1:<port>`; stays the same when the process is restarted. */
  readonly url: string;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again after {@link kill}. */
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Starts it on a free port. */
export async function startHandWritten(sentinelUrl: string, name: string): Promise<HandWrittenProcess> {
  let child: ChildProcess | undefined;
  let port = 0;

  async function launch(): Promise<void> {
    const started = fork(ENTRY, {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, PORT: String(port), REDIS_SENTINEL_URL: sentinelUrl, REDIS_SENTINEL_NAME: name },
    });
    child = started;
    const [message] = await once(started, 'message');
    port = (message as { port: number }).port;
  }

  async function kill(): Promise<void> {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  await launch();
  return {
    url: `http://127.0.0.1:${port}`,
    kill,
    start: launch,
    pause: () => child?.kill('SIGSTOP'),
    resume: () => child?.kill('SIGCONT'),
    close: kill,
  };
}
