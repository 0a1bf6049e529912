import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/node-postgres';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import type { Pool } from 'pg';
import type { Database } from '../db/database.js';
import * as schema from '../db/schema.js';

/** What both drivers are asked: PGlite the text, PostgreSQL a configuration that holds it. */
type Query = (statement: string | { readonly text: string; readonly rowMode?: string }, values: unknown[]) => unknown;

/**
 * The same database for the time in which nobody writes: a statement that several reads share is sent once, with the
 * same answer to all of them.
 */
export function atOneMoment(db: Database): Database {
  const { $client: client } = db as Database & { readonly $client: Pool | PGlite };
  const send = client.query.bind(client) as Query;
  const answers = new Map<string, unknown>();
  const query: Query = (statement, values, ...rest: []) => {
    const { text, rowMode } = typeof statement === 'string' ? { text: statement, rowMode: undefined } : statement;
    const question = JSON.stringify([text, rowMode, values, ...rest]);
    const known = answers.get(question);
    if (known !== undefined) return known;
    const answer = send(statement, values, ...rest);
    answers.set(question, answer);
    return answer;
  };
  return client instanceof PGlite
    ? drizzlePglite({ client: { query } as unknown as PGlite, schema })
    : drizzle({ client: { query } as unknown as Pool, schema });
}
