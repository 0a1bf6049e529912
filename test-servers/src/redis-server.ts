/** A real redis-server on loopback, with a port and a folder of its own. */
export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:<port>`; stays the same through restarts. */
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
  /** Further directives of redis.conf, such as `{ appendonly: 'yes' }`. Default: nothing is persisted. */
  readonly config?: Readonly<Record<string, string>>;
}
