import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { captureSql } from '@querycast/server/postgres';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { StartError } from '../start-error.js';
import { capturedTables } from './captured-tables.js';
import type { Database, StatementListener } from './database.js';
import * as schema from './schema.js';

/** The same folder from `src` and from `dist`. */
const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));

/** What {@link openDatabase} takes. */
export interface OpenDatabaseOptions {
  /** Folder of the database; made when missing. */
  readonly folder: string;
  readonly onStatement?: StatementListener;
}

/** An open, migrated database. */
export interface DatabaseHandle {
  readonly db: Database;
  /** The narrow port of the relay. */
  readonly pool: { query(text: string, params?: unknown[]): Promise<{ rows: unknown[] }> };
  /** Calls back for every `NOTIFY` on the channel; resolves to its unsubscribe. */
  listen(channel: string, notified: () => void): Promise<() => Promise<void>>;
  /** Ends the connection. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens PGlite, brings its schema up to date and installs the triggers that capture changes. Rejects with
 * {@link StartError} `database_unusable`.
 */
export async function openDatabase({ folder, onStatement }: OpenDatabaseOptions): Promise<DatabaseHandle> {
  const client = await open(folder);
  try {
    const logger = onStatement && { logQuery: (statement: string) => onStatement(statement) };
    const db = drizzle({ client, schema, ...(logger && { logger }) });
    await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
    await client.exec(captureSql({ tables: capturedTables }));
    return {
      db,
      pool: { query: (text, params) => client.query(text, params) },
      listen: (channel, notified) => client.listen(channel, notified),
      close: () => close(client),
    };
  } catch (error) {
    await close(client);
    throw unusable(folder, error);
  }
}

async function open(folder: string): Promise<PGlite> {
  try {
    return await PGlite.create({ dataDir: folder });
  } catch (error) {
    throw unusable(folder, error);
  }
}

async function close(client: PGlite): Promise<void> {
  if (!client.closed) await client.close();
}

function unusable(folder: string, cause: unknown): StartError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StartError('database_unusable', `The database in ${folder} cannot be opened: ${why}`, { cause });
}
