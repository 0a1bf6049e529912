/** The one thing the outbox asks of a database client; PGlite and pg's `Pool` and `PoolClient` satisfy it as they are. */
export interface SqlPool {
  /** Runs one statement with `$1`-style parameters. Rejects when the database refuses it or does not answer. */
  query(text: string, params?: unknown[]): Promise<{ rows: unknown[] }>;
}
