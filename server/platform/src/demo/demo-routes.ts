import type { DemoAccount } from '@querycast/platform-protocol';
import { Router } from 'express';
import { DEMO_PEOPLE } from '../db/demo-data.js';

/** The demo people as the log-in page offers them. */
export const demoAccounts: readonly DemoAccount[] = DEMO_PEOPLE.map(({ email, firstName, lastName, role, note }) => ({
  email,
  name: `${firstName} ${lastName}`,
  role,
  note,
}));

/** `/api/demo`: only mounted with demo data. */
export function demoRoutes(): Router {
  const router = Router();
  router.get('/accounts', (_request, response) => {
    response.json(demoAccounts);
  });
  return router;
}
