import type { Database } from './database.js';
import { databaseIdentity } from './schema.js';

/**
 * Answers the random name of this database, and gives it one first if it has none. A restored backup has the name it
 * was made with. Nodes may ask at the same moment.
 */
export async function readDatabaseIdentity(db: Database): Promise<string> {
  await db.insert(databaseIdentity).values({}).onConflictDoNothing();
  const [row] = await db.select({ id: databaseIdentity.id }).from(databaseIdentity);
  if (!row) throw new Error('the row that names the database was deleted meanwhile');
  return row.id;
}
