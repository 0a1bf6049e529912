import { inject } from 'vitest';
import type { DatabasePlace } from '../db/open-database.js';
import { distributedPlace } from './distributed-place.js';
import { embeddedPlace } from './embedded-place.js';

/** Where a platform keeps its data. */
export interface TestPlace {
  /** Start a platform with these variables on it, one after the other or, where that is allowed, at once. */
  readonly variables: Readonly<Record<string, string>>;
  /** Its database alone. */
  readonly database: DatabasePlace;
  /** Removes it; nothing may run on it any more. */
  remove(): Promise<void>;
}

/** Makes an empty place of the column that this run tests. */
export function createTestPlace(): Promise<TestPlace> {
  const postgres = inject('postgres');
  return postgres ? distributedPlace(postgres) : embeddedPlace();
}

/**
 * Makes a place on PostgreSQL and Redis for a test that is about them, as a copy of `template`; default: an empty one
 * with the schema in place. Rejects where tests run embedded.
 */
export async function createDistributedPlace(template?: string) {
  const postgres = inject('postgres');
  if (!postgres) throw new Error('this test belongs to the project platform-distributed');
  return distributedPlace({ ...postgres, ...(template !== undefined && { template }) });
}
