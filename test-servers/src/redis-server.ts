import type { Certificate } from './certificates.js';
import { startRedisProcess } from './redis-process.js';

/** A real redis-server on loopback, with a port and a folder of its own. */
export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:<port>`, or with TLS `rediss://localhost:<port>`; stays the same through restarts. */
  readonly url: string;
  /** Runs `redis-cli -p <port> …args` and answers what it printed, without the last line break. Rejects when it failed. */
  cli(...args: readonly string[]): Promise<string>;
  /** Ends it as an operator would (SHUTDOWN, which saves when it is persistent). */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, same port and folder; resolves once it answers. */
  start(): Promise<void>;
  /** SIGSTOP: the connections stay and nothing answers. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Ends it and removes its folder. Idempotent. */
  close(): Promise<void>;
}

/** Settings of {@link startRedis}. */
export interface RedisServerOptions {
  /** Further directives of redis.conf, such as `{ appendonly: 'yes' }`. Default: nothing is persisted, replicas join at once. */
  readonly config?: Readonly<Record<string, string>>;
  /** Speaks TLS, and nothing else, with this certificate. Default: no TLS. */
  readonly tls?: Certificate;
}

/** Nothing on disk, and no waiting for further replicas before one is served. */
const DEFAULTS = { save: '""', appendonly: 'no', 'repl-diskless-sync-delay': '0' };

/**
 * Starts a redis-server; resolves once it answers, its data loaded. It ends with this process at the latest.
 * Rejects when no redis-server was found, and with what it wrote when it does not start.
 */
export function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const directives = Object.entries({ ...DEFAULTS, ...options.config });
  return startRedisProcess({
    config: directives.map(([name, value]) => `${name} ${value}`).join('\n'),
    args: [],
    readyLine: /ready to accept connections/i,
    ...(options.tls && { tls: options.tls }),
  });
}
