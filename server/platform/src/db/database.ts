import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as schema from './schema.js';

/** The database, or a transaction in it: every query takes one of these and works in both. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

/** Called with the text of every statement, for logs and counts; parameters stay private. */
export type StatementListener = (statement: string) => void;
