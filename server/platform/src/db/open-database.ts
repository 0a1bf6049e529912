import { type Logger, type Metrics, noMetrics, silentLogger } from '@querycast/server';
import type { Database, StatementListener } from './database.js';
import { openPglite } from './open-pglite.js';
import { openPostgres } from './open-postgres.js';

/** What {@link openDatabase} takes. */
export type OpenDatabaseOptions = DatabasePlace & {
  /** Fills the prepared database, one node at a time; the other nodes wait for it. Default: leaves it as it is. */
  readonly fill?: (db: Database) => Promise<void>;
  readonly onStatement?: StatementListener;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
};

/** Where a database is: PGlite's folder, made when missing, or PostgreSQL's URL, which may hold a password. */
export type DatabasePlace = { readonly folder: string } | { readonly url: string };

/** An open, migrated database. */
export interface DatabaseHandle {
  /** For requests. */
  readonly db: Database;
  /** The narrow port of the relay and its signals, and of what asks how far they are: none waits for requests. */
  readonly pool: { query(text: string, params?: unknown[]): Promise<{ rows: unknown[] }> };
  /** Resolves when the database answers, however busy requests keep it. */
  ping(): Promise<void>;
  /**
   * Calls back for every `NOTIFY` on the channel, with its payload, and without one whenever some may have been missed;
   * resolves to its unsubscribe.
   */
  listen(channel: string, notified: (payload?: string) => void): Promise<() => Promise<void>>;
  /** Ends the connections. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens PGlite or PostgreSQL, brings the schema up to date, installs the triggers that capture changes and fills it.
 * Nodes may do so at the same moment. Rejects with `StartError` `database_unusable`, which names no URL.
 */
export function openDatabase(options: OpenDatabaseOptions): Promise<DatabaseHandle> {
  const { fill = async () => {}, onStatement = () => {}, logger = silentLogger, metrics = noMetrics } = options;
  const tools = { fill, onStatement, logger, metrics };
  return 'url' in options ? openPostgres(options.url, tools) : openPglite(options.folder, tools);
}
