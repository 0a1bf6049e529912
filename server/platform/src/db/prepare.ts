import { fileURLToPath } from 'node:url';
import type { Logger, Metrics } from '@querycast/server';
import { captureSql } from '@querycast/server/postgres';
import { CAPTURE_VERSION, capturedTables } from './captured-tables.js';
import type { Database, StatementListener } from './database.js';

/** What opening a database takes besides its place. */
export interface OpenTools {
  readonly fill: (db: Database) => Promise<void>;
  readonly onStatement: StatementListener;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A database that nobody else prepares meanwhile. */
export interface Unprepared {
  readonly db: Database;
  /** Runs the migrations of a folder that were not run yet. */
  migrate(config: { readonly migrationsFolder: string }): Promise<void>;
  /** Runs a script. */
  exec(script: string): Promise<unknown>;
}

/** The same folder from `src` and from `dist`. */
const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));

interface Notice {
  readonly severity?: string | undefined;
  readonly message?: string | undefined;
}

/** Tells what the database warned of while it was prepared; the rest of what it says is of no interest. */
export function tellWarning(logger: Logger, { severity, message }: Notice): void {
  if (severity === 'WARNING') logger.warn({ warning: message }, 'database warned');
}

/** Brings the schema up to date, installs the capture of changes, then fills. Does nothing that is done already. */
export async function prepare({ db, migrate, exec }: Unprepared, fill: OpenTools['fill']): Promise<void> {
  await migrate({ migrationsFolder: MIGRATIONS_FOLDER });
  await exec(captureSql({ tables: capturedTables, version: CAPTURE_VERSION }));
  await fill(db);
}
