import type { Handlers } from '../access/mount.js';
import type { Database } from '../db/database.js';
import { listSubjects } from './subject-queries.js';

/** What can be assigned, and whose lessons. A lookup, neither cached nor live. */
export function subjectRoutes(db: Database): Handlers<'GET /api/subjects'> {
  return {
    'GET /api/subjects': async (_request, response) => {
      response.json(await listSubjects(db));
    },
  };
}
