import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Database } from '../db/database.js';
import { errorHandler } from '../http/errors.js';
import type { Viewer } from '../sessions/authenticate-session.js';
import type { Changes } from './changes.js';
import { demoRoutes } from './demo-routes.js';

/** What a run is answered with, and what is logged. */
async function answerOf(run: Changes['run']) {
  const error = vi.fn();
  const logger = { debug() {}, info() {}, warn() {}, error };
  const app = express();
  const people = { has: () => true, rooms: new Set([]) };
  const changes = { isRunning: () => false, run };
  const authenticate = async () => ({ id: 1, name: 'Olga Petrova', role: 'parent', sessionId: 'a' }) as Viewer;
  app.use(demoRoutes({ db: {} as Database, authenticate, people, changes, logger }));
  app.use(errorHandler(logger));
  const server = createServer(app);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/changes`;
  const response = await fetch(url, { method: 'POST', headers: { authorization: 'Bearer any' } });
  return { status: response.status, text: await response.text(), errors: error.mock.calls };
}

test('a run that fails half way ends with a line that says so, and is logged', async () => {
  const cause = new Error('hush');
  const { status, text, errors } = await answerOf(async (onDone) => {
    onDone(100);
    throw cause;
  });
  expect(status).toBe(200);
  const message = 'The server had a problem after at least 100 of 500 changes. Try again in a moment.';
  const lines = text.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { done: 100, of: 500 },
    { error: { code: 'broke_off', message } },
  ]);
  expect(errors).toEqual([[{ err: cause, made: 100 }, 'changes of the demo broke off']]);
});

test('one that fails before anything was made is an answer as any other', async () => {
  const { status, text, errors } = await answerOf(async () => {
    throw new Error('hush');
  });
  expect([status, JSON.parse(text).error.code, errors.length]).toEqual([500, 'internal', 1]);
});
