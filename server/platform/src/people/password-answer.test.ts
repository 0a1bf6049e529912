import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger } from '@querycast/server';
import { eq } from 'drizzle-orm';
import express, { type Response } from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { DEMO_PASSWORD } from '../db/demo-data.js';
import { users } from '../db/schema.js';
import { errorHandler } from '../http/errors.js';
import { requireViewer } from '../http/viewer.js';
import { sessionOfAccessToken } from '../sessions/access-token.js';
import { createAuthentication } from '../sessions/authenticate-session.js';
import { createSampleRows } from '../testing/sample-rows.test.support.js';
import { type LoggedIn, START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { hashPassword } from './password.js';
import { passwordRoutes } from './password-routes.js';

const SECRET = 'the secret of these tests, 32 bytes';
const PATH = '/api/auth/password';

let platform: TestPlatform;
let passwordHash: string;
let people = 0;
let person: LoggedIn & { readonly elsewhere: LoggedIn };
let server: Server;
/** What the route answers with. */
let response: Response | undefined;
/** The sessions that were evicted, and whether the answer had gone by then. */
let evicted: { readonly session: string; readonly isAnswered: boolean }[];
/** Lets the current password be found right. */
let checked: () => void;
/** When the route is through. */
let handled: Promise<void>;

beforeAll(async () => {
  [platform, passwordHash] = await Promise.all([
    startTestPlatform({ AUTH_SECRET: SECRET }),
    hashPassword(DEMO_PASSWORD),
  ]);
}, START_TIMEOUT_MS);

/** The route alone, with eviction and the check of the current password in the hands of the test. */
beforeEach(async () => {
  people += 1;
  const email = `person.${people}@demo.test`;
  await createSampleRows(platform.parts.db).person({ role: 'tutor', email, passwordHash });
  person = { ...(await platform.logIn(email)), elsewhere: await platform.logIn(email) };
  evicted = [];
  response = undefined;
  const check = new Promise<boolean>((resolve) => {
    checked = () => resolve(true);
  });
  const { db } = platform.parts;
  const routes = passwordRoutes({
    db,
    secret: SECRET,
    checkPassword: () => check,
    evict: (session) => void evicted.push({ session, isAnswered: response?.writableFinished === true }),
    clock: Date.now,
    logger: silentLogger,
  });
  const app = express();
  app.use(express.json(), requireViewer(createAuthentication(db, SECRET, Date.now).viewer));
  app.post(PATH, (request, its) => {
    response = its;
    handled = Promise.resolve(routes['POST /api/auth/password'](request, its));
    return handled;
  });
  app.use(errorHandler(silentLogger));
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

afterAll(() => platform.remove());

function change(signal?: AbortSignal) {
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${person.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ currentPassword: DEMO_PASSWORD, newPassword: 'eight or more' }),
    ...(signal && { signal }),
  });
}

const sessionOf = ({ token }: LoggedIn) => sessionOfAccessToken(SECRET, token);

test('the session of whoever changes it is evicted once the answer has gone, the others at once', async () => {
  checked();
  expect((await change()).status).toBe(200);
  await vi.waitFor(() => expect(evicted).toHaveLength(2));
  expect(evicted).toEqual([
    { session: await sessionOf(person.elsewhere), isAnswered: false },
    { session: await sessionOf(person), isAnswered: true },
  ]);
});

test('a change whose sender has gone while the passwords wait to be hashed does not happen', async () => {
  const sender = new AbortController();
  const answer = change(sender.signal);
  await vi.waitFor(() => expect(response?.req.path).toBe(PATH));
  const gone = new Promise<void>((resolve) => response?.once('close', resolve));
  sender.abort();
  await expect(answer).rejects.toThrow('aborted');
  await gone;
  checked();
  await handled;
  const { id } = person.user;
  const rows = await platform.parts.db.select({ hash: users.passwordHash }).from(users).where(eq(users.id, id));
  expect(rows).toEqual([{ hash: passwordHash }]);
  expect(evicted).toEqual([]);
});
