import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from './moment.js';

/** Wrong passwords of a while, by what they have in common; the key is a hash that tells nobody what that is. */
export const passwordAttempts = pgTable(
  'password_attempts',
  {
    key: text().primaryKey(),
    failures: integer().notNull(),
    endsAt: moment('ends_at').notNull(),
  },
  (table) => [index('password_attempts_ends_at').on(table.endsAt)],
);
