/** A real PostgreSQL server on loopback, never as root, with a port and a folder of its own. */
export interface PostgresServer {
  readonly port: number;
  /** URL of a database of this server. */
  url(database: string): string;
  /** Creates a database of a random name, as a copy of `template` when given, and answers its name. */
  createDatabase(template?: string): Promise<string>;
  /** Drops it, whoever is connected. */
  dropDatabase(database: string): Promise<void>;
  /** Runs SQL through the `psql` program, as an operator would; answers what it printed (`-At`). Rejects when it failed. */
  psql(database: string, sql: string): Promise<string>;
  /** Ends it. `immediate` is a crash: no checkpoint, recovery at the next start. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Starts it again, same port and folder; resolves once it answers. */
  start(): Promise<void>;
  /** Ends it and removes its folder. Idempotent. */
  close(): Promise<void>;
}
