import { startPostgres } from '@querycast/test-servers';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../db/open-database.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL server of the run and its migrated, empty template; absent where tests run embedded. */
    readonly postgres?: { readonly url: string; readonly template: string };
  }
}

/** Starts one PostgreSQL for the whole run: each platform gets a copy of one database of it, and a Redis of its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  try {
    const template = await postgres.createDatabase();
    const database = await openDatabase({ url: postgres.url(template) });
    await database.close();
    project.provide('postgres', { url: postgres.url('postgres'), template });
  } catch (error) {
    await postgres.close();
    throw error;
  }
  return () => postgres.close();
}
