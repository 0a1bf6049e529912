import { Router } from 'express';
import type { Database } from '../db/database.js';
import { listSubjects } from './subject-queries.js';

/** `/api/subjects`: what can be assigned, and whose lessons. A lookup, neither cached nor live. */
export function subjectRoutes(db: Database): Router {
  const router = Router();
  router.get('/', async (_request, response) => {
    response.json(await listSubjects(db));
  });
  return router;
}
