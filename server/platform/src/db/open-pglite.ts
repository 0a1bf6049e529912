import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { StartError } from '../start-error.js';
import type { DatabaseHandle } from './open-database.js';
import { type OpenTools, prepare, tellWarning } from './prepare.js';
import * as schema from './schema.js';

/** Opens PGlite in a folder. */
export async function openPglite(folder: string, { fill, onStatement, logger }: OpenTools): Promise<DatabaseHandle> {
  const client = await open(folder);
  try {
    const db = drizzle({ client, schema, logger: { logQuery: (statement) => onStatement(statement) } });
    const migrateIt = (config: { readonly migrationsFolder: string }) => migrate(db, config);
    const exec = (script: string) => client.exec(script, { onNotice: (notice) => tellWarning(logger, notice) });
    await prepare({ db, migrate: migrateIt, exec }, fill);
    return {
      db,
      pool: { query: (text, params) => client.query(text, params) },
      async ping() {
        await client.query('SELECT 1');
      },
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
