import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { noteSecret, recordMetrics, recordStream } from '../written/record.js';
import { createLineLog } from './line-log.js';

const ENTRY = fileURLToPath(new URL('../../server/platform/dist/main.js', import.meta.url));
const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 5_000;

/** Opens the HTTP door of every platform. */
export const PUBLISH_TOKEN = 'publish-token-of-the-browser-tests';
/** Signs the access tokens of every platform, so that tests can make expired and forged ones. */
export const AUTH_SECRET = 'auth-secret-of-the-browser-tests-0123456789';

/** The built platform as a process of its own, on a free port. */
export interface PlatformProcess {
  /** `http://127.0.0.1:<port>`; stays the same when the process is restarted. */
  readonly url: string;
  readonly port: number;
  /** Everything every life of the process wrote. */
  readonly log: readonly string[];
  /** SIGKILL: nothing gets to say goodbye. */
  kill(): Promise<void>;
  /** SIGSTOP: it hangs, and the system goes on taking connections for it. */
  pause(): void;
  /** SIGCONT: it goes on as if no time had passed. */
  resume(): void;
  /** Starts it again after {@link kill} or {@link stop}: same port, same environment. */
  start(): Promise<void>;
  /** SIGINT, as Ctrl-C sends it; answers the exit code, rejects when it takes longer than 5 s. */
  stop(): Promise<number | null>;
  /** Ends it whatever state it is in. Idempotent. */
  close(): Promise<void>;
}

/** Starts the platform with further variables. Rejects with its output when it does not get ready. */
export async function startPlatformProcess(variables: Readonly<Record<string, string>>): Promise<PlatformProcess> {
  for (const each of [AUTH_SECRET, PUBLISH_TOKEN]) noteSecret('key', each);
  const log = createLineLog();
  let child: ChildProcess | undefined;
  let port = 0;
  let isPaused = false;

  const launch = async () => {
    isPaused = false;
    const ready = createLineLog();
    const server = spawn(process.execPath, ['--enable-source-maps', ENTRY], {
      env: { ...process.env, ...DEFAULTS, ...variables, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = server;
    const killWithUs = () => server.kill('SIGKILL');
    process.once('exit', killWithUs);
    server.once('exit', () => process.off('exit', killWithUs));
    for (const stream of [server.stdout, server.stderr]) {
      log.collect(stream);
      ready.collect(stream);
    }
    recordStream('greeting', server.stdout);
    recordStream('log', server.stderr);
    const died = once(server, 'exit').then(([code]) => {
      throw new Error(`the server ended with code ${code}:\n${ready.lines.join('\n')}`);
    });
    const match = await Promise.race([ready.waitFor(/http:\/\/[^/\s]+:(\d+)\/demo/, READY_WITHIN_MS), died]);
    died.catch(() => {
      // Later ends are the test's own doing.
    });
    port = Number(match[1]);
  };

  const end = async (signal: NodeJS.Signals) => {
    const server = child;
    child = undefined;
    if (!server || server.exitCode !== null || server.signalCode !== null) return server?.exitCode ?? null;
    if (!isPaused) await recordMetrics(`http://127.0.0.1:${port}`);
    const exited = once(server, 'exit', { signal: AbortSignal.timeout(STOP_WITHIN_MS) });
    server.kill(signal);
    const [code] = await exited;
    return code as number | null;
  };

  await launch();
  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    log: log.lines,
    async kill() {
      await end('SIGKILL');
    },
    start: launch,
    pause() {
      isPaused = true;
      child?.kill('SIGSTOP');
    },
    resume() {
      isPaused = false;
      child?.kill('SIGCONT');
    },
    stop: () => end('SIGINT'),
    async close() {
      await end('SIGKILL');
    },
  };
}

/** Also what a developer's own environment must not decide; an empty variable counts as absent. */
const DEFAULTS: Readonly<Record<string, string>> = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  DATA_DIR: '',
  AUTH_SECRET,
  PUBLISH_TOKEN,
  DEMO_DATA: 'true',
  // Whatever it may write is looked through: see ../written.
  LOG_LEVEL: 'trace',
  ALLOWED_ORIGINS: '',
  DATABASE_URL: '',
  REDIS_URL: '',
  REDIS_SENTINEL_URLS: '',
  REDIS_SENTINEL_NAME: '',
  REDIS_CLUSTER_URLS: '',
  CACHE_REDIS_URL: '',
};
