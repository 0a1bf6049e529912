import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogFields } from '@querycast/server';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import express from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import { errorHandler } from './errors.js';

/** Serves one route; answers what is sent, and what is logged. */
async function serve(route: express.RequestHandler) {
  const lines: LogFields[] = [];
  const log = (fields: LogFields) => lines.push(fields);
  const app = express();
  app.get('/', route);
  app.use(errorHandler({ debug: log, info: log, warn: log, error: log }));
  const server = createServer(app);
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { response, lines };
}

/** What a route that fails so is answered with, and what is logged. */
async function answerTo(error: Error) {
  const { response, lines } = await serve(() => {
    throw error;
  });
  const body = await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body, lines };
}

test.each([
  ['refuses connections', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
  ['shuts down', Object.assign(new Error('terminating connection'), { code: '57P01' })],
  ['answers nothing', new Error('Query read timeout')],
])('a database that %s is 503, worth another attempt, and logged with its cause', async (_, cause) => {
  const { status, retryAfter, body, lines } = await answerTo(new DrizzleQueryError('select 1', ['olga'], cause));
  expect([status, retryAfter, JSON.parse(body).error.code]).toEqual([503, '1', 'database_away']);
  expect(body).not.toContain('select');
  expect(lines).toMatchObject([{ err: { cause } }]);
});

test('anything else that nobody expected is 500, without details, and logged', async () => {
  const { status, retryAfter, body, lines } = await answerTo(new Error('hush'));
  expect([status, retryAfter, JSON.parse(body).error.code]).toEqual([500, null, 'internal']);
  expect(body).not.toContain('hush');
  expect(lines).toMatchObject([{ err: { message: 'hush' } }]);
});

test('an answer that breaks off is logged once, never taken for a whole one, and not written past the logger', async () => {
  const stderr = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => stderr.mockRestore());
  vi.stubEnv('NODE_ENV', 'production');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { response, lines } = await serve(async (_request, answer) => {
    await new Promise((resolve) => answer.write('the first half', resolve));
    throw new Error('hush');
  });
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
  expect(lines).toMatchObject([{ err: { message: 'hush' }, method: 'GET', route: '/' }]);
  expect(stderr).not.toHaveBeenCalled();
});
