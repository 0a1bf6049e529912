import { sql } from 'drizzle-orm';
import { boolean, check, pgTable, uuid } from 'drizzle-orm/pg-core';

/** Names this database, in one row: copies and backups keep the name, databases made anew get another one. */
export const databaseIdentity = pgTable(
  'database_identity',
  {
    isOnly: boolean('is_only').primaryKey().default(true),
    id: uuid().notNull().defaultRandom(),
  },
  (table) => [check('database_identity_one_row', sql`${table.isOnly}`)],
);
