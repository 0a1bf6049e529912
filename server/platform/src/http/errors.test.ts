import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogFields } from '@querycast/server';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import express from 'express';
import { expect, test } from 'vitest';
import { errorHandler } from './errors.js';

/** What a route that fails so is answered with, and what is logged. */
async function answerTo(error: Error) {
  const lines: LogFields[] = [];
  const log = (fields: LogFields) => lines.push(fields);
  const app = express();
  app.get('/', () => {
    throw error;
  });
  app.use(errorHandler({ debug: log, info: log, warn: log, error: log }));
  const server = createServer(app);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const body = await response.text();
  server.close();
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
